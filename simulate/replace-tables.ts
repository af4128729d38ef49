/**
 * Puts each table between its markers in a document, `<!-- simulate: name -->` and `<!-- /simulate -->`.
 * Throws unless the document has the markers of each table exactly once.
 */
export function replaceTables(document: string, tables: ReadonlyMap<string, string>): string {
  return [...tables].reduce((text, [name, table]) => replaceTable(text, name, table), document);
}

const END = '<!-- /simulate -->';

function replaceTable(document: string, name: string, table: string): string {
  const begin = `<!-- simulate: ${name} -->`;
  const [before, rest, ...more] = document.split(begin);
  const end = rest?.indexOf(END) ?? -1;
  if (before === undefined || rest === undefined || end === -1 || more.length > 0) {
    throw new Error(
      `The document must have exactly one place for the table ${name}. Put "${begin}" and "${END}" around it.`,
    );
  }
  return `${before}${begin}\n\n${table}\n\n${rest.slice(end)}`;
}
