const CALL = /\b(describe|it)((?:\.[a-z]+)*)\(/g;
const TITLE = /^\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/;
/** Where the title of a table of cases stands: behind the table. */
const AFTER_TABLE = /\)\(\s*(?=['"`])/g;

/** The titles of a test file's tests, `what › it does`, as they are written: `%s` and all. */
export function readTitles(source: string): string[] {
  const titles: string[] = [];
  let subject = '';
  for (const call of source.matchAll(CALL)) {
    const [text, kind, modifiers = ''] = call;
    if (/skip|todo|fails/.test(modifiers)) continue;
    const title = titleAt(source, call.index + text.length, /each|for/.test(modifiers));
    if (title === undefined) continue;
    if (kind === 'describe') subject = title;
    else titles.push(`${subject} › ${title}`);
  }
  return titles;
}

function titleAt(source: string, start: number, isTable: boolean): string | undefined {
  AFTER_TABLE.lastIndex = start;
  const table = isTable ? AFTER_TABLE.exec(source) : undefined;
  const from = table ? table.index + table[0].length : start;
  return TITLE.exec(source.slice(from))?.[2]?.replaceAll(/\\(.)/g, '$1');
}
