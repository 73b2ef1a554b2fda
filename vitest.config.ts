import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/harness/shared-servers.ts'],
    setupFiles: ['test/harness/end-with-runner.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is awaited comes later on a busy machine; nothing is slower for it.
    expect: { poll: { timeout: 15_000 } },
  },
})
