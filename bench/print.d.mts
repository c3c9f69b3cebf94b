export function median(values: readonly number[]): number;
export function heading(text: string): void;
export interface FigureOptions {
  /** ms unless told. */
  readonly unit?: string;
  readonly target?: number | undefined;
  readonly yard?: number;
  readonly note?: string;
}
export function figure(label: string, value: number, options?: FigureOptions): void;
