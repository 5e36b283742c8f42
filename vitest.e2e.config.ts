import { defineConfig } from 'vitest/config'

/** `npm run e2e`: the built product in the machine's Chromium. One file at a time: each starts its own browser. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/support/built.ts'],
    fileParallelism: false,
    allowOnly: false,
    // What somebody set for themselves on this machine is not read and not changed by tests.
    env: { REDTHREAD_PREFERENCES: '', REDTHREAD_LOG: '' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
