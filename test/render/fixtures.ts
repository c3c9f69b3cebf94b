/** Reads what kubectl printed; see fixtures/README.md. */
import { readFileSync } from 'node:fs';
import type { KubeObject } from '../../src/core/api/types';

export const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

export interface Described {
  readonly objects: readonly KubeObject[];
  readonly outputs: Readonly<Record<string, { readonly now: number; readonly lines: readonly string[] }>>;
}

export const described = (): Described => JSON.parse(fixture('described.json')) as Described;
