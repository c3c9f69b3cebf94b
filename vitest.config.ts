import { defineConfig } from 'vitest/config';
import { vitePageText } from './scripts/page-text.mjs';

export default defineConfig({
  plugins: [vitePageText],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 120_000,
  },
});
