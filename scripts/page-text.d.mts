/** Types for the tests' configuration. */
import type { Plugin } from 'vitest/config';

export declare const vitePageText: Plugin;
