import { defineConfig } from 'vitest/config'

/** `npm run samples`: the product against real third-party evidence, whose folder the environment names. */
export default defineConfig({
  test: {
    name: 'samples',
    include: ['test/samples/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    allowOnly: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
