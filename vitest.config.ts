import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two workers: the suite starts real servers and child processes, and CI has two cores.
    maxWorkers: 2,
  },
});
