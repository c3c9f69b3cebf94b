/** `$(NAME)` in commands, arguments and values, as the kubelet expands it (third_party/forked/golang/expansion). */

/** `$$` is a dollar sign; a name that nothing gives a value to stays as it is written. */
export function expand(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (value(name) ?? whole),
  );
}
