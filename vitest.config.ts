import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/harness/shared-servers.ts'],
    setupFiles: ['test/harness/end-with-runner.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // What is awaited comes later on a busy machine; nothing is slower for it.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
  },
})
