import vue from '@vitejs/plugin-vue'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** `npm test`: everything that needs no browser. Tests that need Chromium live in test/e2e (vitest.e2e.config.ts). */
export default defineConfig({
  test: {
    // Kills, real threads and fuzzing share two cores with everything else.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/seeded.ts'],
    allowOnly: false,
    // One less than there are would leave half of a machine of two cores idle.
    maxWorkers: '100%',
    // What somebody set for themselves on this machine is not read and not changed by tests.
    // Threads and processes of the built product start in a third of the time when its code is compiled once.
    env: {
      REDTHREAD_PREFERENCES: '',
      REDTHREAD_LOG: '',
      NODE_COMPILE_CACHE: at('node_modules/.cache/compiled'),
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['test/{core,golden,hostile}/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/shared-folder.ts'],
          // The core keeps no state between cases: loading all of it anew for every file took a third of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'hosts',
          include: ['test/{contract,electron,tools}/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/built.ts'],
        },
      },
      {
        extends: true,
        plugins: [vue()],
        resolve: { alias: { '@core': at('core'), '@': at('renderer') } },
        test: { name: 'renderer', include: ['test/renderer/**/*.test.ts'], environment: 'happy-dom' },
      },
    ],
  },
})
