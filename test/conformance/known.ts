/** Commands whose answers are known to differ from the recording, by case: not built yet, or decided otherwise. */
export const KNOWN: Readonly<Record<string, readonly string[]>> = {};
