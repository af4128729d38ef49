import { childAt, childrenOf, listAt, type SyntaxNode } from '../syntax.ts';
import type { Replacement } from './mutant.ts';

/** Each operator with those that replace it. */
const BINARY: Record<string, string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
};

/** Each method with the one that replaces it. An empty text removes the call. */
const METHODS: Record<string, string> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: '',
  toUpperCase: '',
  trim: '',
  filter: '',
  slice: '',
  sort: '',
  reverse: '',
};

const LOOPS = ['WhileStatement', 'DoWhileStatement', 'ForStatement'];
const TESTED = ['IfStatement', 'ConditionalExpression', ...LOOPS];
const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** The changes of behaviour that are possible at this node. */
export function replacementsOf(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  source: string,
): Replacement[] {
  const text = ({ start, end }: { start: number; end: number }): string => source.slice(start, end);
  const replace = (kind: string, by: string): Replacement => ({
    kind,
    edit: { type: 'expression', start: node.start, end: node.end, text: by },
  });
  const found: Replacement[] = [];
  if (parent !== undefined && TESTED.includes(parent.type) && childAt(parent, 'test') === node) {
    if (!LOOPS.includes(parent.type)) found.push(replace('condition is true', 'true'));
    found.push(replace('condition is false', 'false'));
  }
  const isTest = found.length > 0;
  switch (node.type) {
    case 'BinaryExpression': {
      const [left, right] = [childAt(node, 'left'), childAt(node, 'right')];
      if (left === undefined || right === undefined) break;
      const operator = String(node.operator);
      // The inverse of a whole condition is detected whenever one of its constants is.
      const isInverse = isTest && ['===', '!=='].includes(operator);
      for (const other of isInverse ? [] : (BINARY[operator] ?? [])) {
        const by = `${source.slice(node.start, left.end)} ${other} ${source.slice(right.start, node.end)}`;
        found.push(replace(`${operator} is ${other}`, by));
      }
      break;
    }
    case 'LogicalExpression': {
      const [left, right] = [childAt(node, 'left'), childAt(node, 'right')];
      if (left === undefined || right === undefined) break;
      if (node.operator === '??') {
        found.push(replace('?? without its default', text(left)), replace('?? is its default', text(right)));
      } else {
        const other = node.operator === '&&' ? '||' : '&&';
        found.push(replace(`${node.operator} is ${other}`, `(${text(left)}) ${other} (${text(right)})`));
      }
      break;
    }
    case 'UnaryExpression': {
      const operand = childAt(node, 'argument');
      if (operand !== undefined && (node.operator === '!' || node.operator === '-')) {
        found.push(replace(`${node.operator} is removed`, text(operand)));
      }
      break;
    }
    case 'Literal':
      found.push(...literal(node, parent, replace));
      break;
    case 'TemplateLiteral':
      if (!isMessage(text(node), parent)) found.push(replace('text is empty', "''"));
      break;
    case 'ArrayExpression':
      if (listAt(node, 'elements').length > 0) found.push(replace('array is empty', '[]'));
      break;
    case 'ObjectExpression':
      if (listAt(node, 'properties').length > 0) found.push(replace('object is empty', '({})'));
      break;
    case 'ChainExpression':
      found.push(...optionalLinks(node).map((at) => replace('?. is .', withoutOptional(node, at, source))));
      break;
    case 'CallExpression':
      found.push(...method(node, text, replace));
      break;
    case 'ExpressionStatement':
      if (isCall(childAt(node, 'expression'))) found.push(statement(node));
      break;
    case 'BlockStatement':
    case 'FunctionBody':
      found.push(...block(node, parent));
      break;
  }
  const isArrowResult = parent?.type === 'ArrowFunctionExpression' && childAt(parent, 'body') === node;
  if (isArrowResult && !['BlockStatement', 'FunctionBody', 'Identifier'].includes(node.type)) {
    found.push(replace('result is undefined', 'undefined'));
  }
  return found;
}

type Replace = (kind: string, by: string) => Replacement;

function literal(node: SyntaxNode, parent: SyntaxNode | undefined, replace: Replace): Replacement[] {
  const { value } = node;
  if (typeof value === 'boolean') return [replace(`${value} is ${!value}`, String(!value))];
  if (typeof value === 'number') return [replace('number is one more', String(value + 1))];
  if (typeof value !== 'string' || parent?.type === 'ExpressionStatement' || isMessage(value, parent))
    return [];
  return [value === '' ? replace('text is not empty', "'mutated'") : replace('text is empty', "''")];
}

/** Texts for people: their words are not behaviour. */
function isMessage(text: string, parent: SyntaxNode | undefined): boolean {
  return / /.test(text) || parent?.type === 'NewExpression';
}

function method(node: SyntaxNode, text: (node: SyntaxNode) => string, replace: Replace): Replacement[] {
  const callee = childAt(node, 'callee');
  if (callee?.type !== 'MemberExpression' || callee.computed === true) return [];
  const [object, property] = [childAt(callee, 'object'), childAt(callee, 'property')];
  const name = property?.name;
  if (object === undefined || property?.type !== 'Identifier' || typeof name !== 'string') return [];
  const other = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (other === undefined) return [];
  if (other === '') return [replace(`${name} is removed`, text(object))];
  const rest = text({ ...node, start: property.end });
  return [replace(`${name} is ${other}`, `${text(object)}.${other}${rest}`)];
}

/** The member accesses and calls of `a?.b.c()`, outermost first. */
export function chainLinksOf(node: SyntaxNode): SyntaxNode[] {
  const links: SyntaxNode[] = [];
  let link = node.type === 'ChainExpression' ? childAt(node, 'expression') : undefined;
  while (link !== undefined && ['MemberExpression', 'CallExpression'].includes(link.type)) {
    links.push(link);
    link = innerOf(link);
  }
  return links;
}

function innerOf(link: SyntaxNode): SyntaxNode | undefined {
  return childAt(link, link.type === 'CallExpression' ? 'callee' : 'object');
}

/** The offsets of the `?.` of a chain. */
function optionalLinks(chain: SyntaxNode): number[] {
  const optional = chainLinksOf(chain).filter((link) => link.optional === true);
  return optional.map((link) => innerOf(link)?.end ?? link.start);
}

function withoutOptional(chain: SyntaxNode, at: number, source: string): string {
  const rest = source.slice(at, chain.end).replace(/^\s*\?\.(?=[[(])/, '');
  return source.slice(chain.start, at) + rest.replace(/^\s*\?\./, '.');
}

function isCall(node: SyntaxNode | undefined): boolean {
  const call = node?.type === 'AwaitExpression' ? childAt(node, 'argument') : node;
  return call?.type === 'CallExpression' || call?.type === 'ChainExpression';
}

const statement = ({ start, end }: SyntaxNode): Replacement => ({
  kind: 'call is removed',
  edit: { type: 'statement', start, end },
});

/**
 * No replacement for a block with a single call, because `call is removed` covers it. None for a block that calls
 * `super`, because a constructor must run.
 */
function block(node: SyntaxNode, parent: SyntaxNode | undefined): Replacement[] {
  const statements = childrenOf(node);
  const [first] = statements;
  if (first === undefined || parent === undefined || parent.type === 'TryStatement') return [];
  const isSingleCall = first.type === 'ExpressionStatement' && isCall(childAt(first, 'expression'));
  if (statements.length === 1 && isSingleCall) return [];
  if (statements.some(callsSuper)) return [];
  const isFunctionBody = FUNCTIONS.includes(parent.type);
  return [
    { kind: 'block is empty', edit: { type: 'block', start: node.start, end: node.end, isFunctionBody } },
  ];
}

function callsSuper(node: SyntaxNode): boolean {
  const call = childAt(node, 'expression');
  return call !== undefined && childAt(call, 'callee')?.type === 'Super';
}
