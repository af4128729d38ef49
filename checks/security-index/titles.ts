import { childAt, childrenOf, listAt, parseTypeScript, type SyntaxNode } from '../syntax.ts';

/** A test whose title names rows of docs/security.md. */
export interface NamedTest {
  /** Relative to the repository, with slashes. */
  file: string;
  /** The titles of the enclosing `describe` calls, then the title of the test without its row ids. */
  titles: string[];
  rowIds: string[];
}

/** ` [URL-3, NET-12]` at the end of a title. */
const ROW_IDS = /\s*\[([A-Z]+-\d+(?:, [A-Z]+-\d+)*)\]$/;
/** Members of `it` and `describe` whose tests do not run. */
const DISABLED = ['skip', 'todo'];

/**
 * Reads the titles from the syntax tree, without running the file. Disabled tests are left out.
 * @throws when row ids are in another text than the title of a test, where they would not be found.
 */
export function findNamedTests(file: string, source: string): NamedTest[] {
  const tests: NamedTest[] = [];
  visit(parseTypeScript(file, source), []);
  return tests;

  function visit(node: SyntaxNode, suites: string[]): void {
    const call = titledCall(node);
    if (call === undefined) {
      refuseRowIds(node);
      for (const child of childrenOf(node)) visit(child, suites);
      return;
    }
    if (call.members.some((member) => DISABLED.includes(member))) return;
    const [, rowIds] = ROW_IDS.exec(call.title) ?? [];
    if (call.kind === 'describe') refuseRowIds(call.titleNode);
    else if (rowIds !== undefined) {
      const title = call.title.replace(ROW_IDS, '');
      tests.push({ file, titles: [...suites, title], rowIds: rowIds.split(', ') });
    }
    const inside = call.kind === 'describe' ? [...suites, call.title] : suites;
    for (const child of childrenOf(node)) if (child !== call.titleNode) visit(child, inside);
  }

  function refuseRowIds(node: SyntaxNode): void {
    const text = textOf(node);
    if (text !== undefined && ROW_IDS.test(text)) {
      throw new Error(`${file}: row ids belong at the end of the title of a test, not in "${text}".`);
    }
  }
}

interface TitledCall {
  kind: 'describe' | 'it';
  /** For `it.each(…)('…')`: `['each']`. */
  members: string[];
  title: string;
  titleNode: SyntaxNode;
}

/** `it('title', …)`, `it.each(table)('title', …)`, `describe.concurrent('title', …)` and the like. */
function titledCall(node: SyntaxNode): TitledCall | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const [titleNode] = listAt(node, 'arguments');
  const title = titleNode && textOf(titleNode);
  if (titleNode === undefined || title === undefined) return undefined;
  const members: string[] = [];
  let callee = childAt(node, 'callee');
  while (callee !== undefined && callee.type !== 'Identifier') {
    if (callee.type === 'MemberExpression') {
      const name = childAt(callee, 'property')?.name;
      if (typeof name === 'string') members.push(name);
      callee = childAt(callee, 'object');
    } else callee = childAt(callee, callee.type === 'TaggedTemplateExpression' ? 'tag' : 'callee');
  }
  if (callee?.name === 'describe') return { kind: 'describe', members, title, titleNode };
  if (callee?.name === 'it' || callee?.name === 'test') return { kind: 'it', members, title, titleNode };
  return undefined;
}

/** The text of a string literal or a template, with `…` for each substitution. */
function textOf(node: SyntaxNode): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return undefined;
  return listAt(node, 'quasis')
    .map(({ value }) => (isCooked(value) ? value.cooked : ''))
    .join('…');
}

function isCooked(value: unknown): value is { cooked: string } {
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string';
}
