import { defineConfig } from 'vitest/config';
import { vitePageText } from './scripts/page-text.mjs';

export default defineConfig({
  plugins: [vitePageText],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    setupFiles: ['test/support/seed.ts'],
    // Much of the time goes into processes that tests start and wait for.
    maxWorkers: '100%',
    testTimeout: 120_000,
  },
});
