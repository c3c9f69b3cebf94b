/**
 * JSON of the state file. Before an integer beyond what a number holds stands a tab, which JSON allows there and
 * JSON.stringify never writes: so a file without one, as nearly all are, is read by JSON.parse alone.
 */
import { parseJson, stringifyJson } from '../../meta/json';

const MARK = '\t';

export const encodeJson = (value: unknown): string => stringifyJson(value, { before: MARK });

/** @throws SyntaxError */
export const decodeJson = (text: string): unknown => (text.includes(MARK) ? parseJson(text) : JSON.parse(text));
