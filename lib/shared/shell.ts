/** Characters without a special meaning in a POSIX shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A text as one word of a POSIX shell, in quotes when it has other characters. */
export function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
