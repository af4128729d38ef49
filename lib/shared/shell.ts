/** Characters that no POSIX shell gives a meaning to. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A text as one word of a POSIX shell, quoted where that is needed. */
export function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
