export function cpu(action: () => void): number;
export function yardstick(): number;
