// Owns how the tests run: which files, how long, and how many at a time.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/own-data-folder.ts',
    // Against a hang, not a measure: a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two workers: the suite starts real servers and child processes, and CI has two cores.
    maxWorkers: 2,
  },
});
