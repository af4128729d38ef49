import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of the ESTree syntax tree. `start` and `end` are offsets in UTF-16 code units. */
export interface SyntaxNode {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/** @throws when `text` is not valid TypeScript. */
export function parseTypeScript(path: string, text: string): SyntaxNode {
  const { program, errors } = parseSync(path, text, { lang: 'ts', range: false });
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`);
  return toNode(program);
}

/** The child nodes, in source order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const fields = (visitorKeys[node.type] ?? []).map((key) => node[key]);
  return fields
    .flat()
    .filter(isNode)
    .sort((one, other) => one.start - other.start);
}

/** The node in the field `key`, or undefined where the field has none. */
export function childAt(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const child = node[key];
  return isNode(child) ? child : undefined;
}

/** The nodes in the list field `key`. */
export function listAt(node: SyntaxNode, key: string): SyntaxNode[] {
  const list = node[key];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function toNode(value: unknown): SyntaxNode {
  if (!isNode(value)) throw new Error('The parser returned no syntax tree.');
  return value;
}
