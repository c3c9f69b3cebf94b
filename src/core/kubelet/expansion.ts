/** `$(NAME)` in commands, arguments and values, as the kubelet expands it (third_party/forked/golang/expansion). */

/** `$$` is a dollar sign; a name that nothing gives a value to stays as it is written. */
export function expand(text: string, value: (name: string) => string | undefined): string {
  // Behind the last bracket no name ends: looking for an end from each beginning would take for ever.
  const end = text.lastIndexOf(')') + 1;
  const expanded = text
    .slice(0, end)
    .replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) =>
      name === undefined ? '$' : (value(name) ?? whole),
    );
  return expanded + text.slice(end).replaceAll('$$', () => '$');
}
