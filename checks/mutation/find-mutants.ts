import { childAt, childrenOf, listAt, parseTypeScript, type SyntaxNode } from '../syntax.ts';
import type { Mutant, Replacement } from './mutant.ts';
import { chainLinksOf, replacementsOf } from './replacements.ts';

/** All mutants of one source file. `firstId` is the id of the first one. */
export function findMutants(file: string, source: string, firstId: number): Mutant[] {
  const mutants: Mutant[] = [];
  const counts = new Map<string, number>();
  /** `a?.b` inside `a?.b.c`: as an expression of its own it would not skip `.c`. */
  const chainLinks = new Set<SyntaxNode>();
  visit(parseTypeScript(file, source), undefined, MODULE);
  return mutants;

  function visit(node: SyntaxNode, parent: SyntaxNode | undefined, outerSymbol: string): void {
    const symbol = symbolOf(node, outerSymbol);
    for (const link of chainLinksOf(node)) chainLinks.add(link);
    if (!chainLinks.has(node)) {
      for (const replacement of replacementsOf(node, parent, source)) add(symbol, replacement);
    }
    for (const child of valueChildrenOf(node)) visit(child, node, symbol);
  }

  function add(symbol: string, { kind, edit }: Replacement): void {
    const name = `${symbol}: ${kind}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    mutants.push({
      id: firstId + mutants.length,
      file,
      name: count === 1 ? name : `${name} ${count}`,
      line: source.slice(0, edit.start).split('\n').length,
      edit,
    });
  }
}

/** The children that exist at run time and that may be replaced by another expression. */
function valueChildrenOf(node: SyntaxNode): SyntaxNode[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return [];
    case 'ExportNamedDeclaration':
      return [childAt(node, 'declaration')].filter((child) => child !== undefined);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return [childAt(node, 'expression')].filter((child) => child !== undefined);
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return childrenOf(node).filter((child) => node.computed === true || child !== childAt(node, 'key'));
    case 'TaggedTemplateExpression':
      return listAt(childAt(node, 'quasi') ?? node, 'expressions');
    default:
      return childrenOf(node).filter((child) => !isTypeOnly(child));
  }
}

function isTypeOnly({ type }: SyntaxNode): boolean {
  return (
    type.startsWith('TS') &&
    !['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'].includes(type)
  );
}

/** The symbol outside of all functions and constants. */
const MODULE = 'module';

/** The name of the function or of the constant of the module that `node` defines, else `outerSymbol`. */
function symbolOf(node: SyntaxNode, outerSymbol: string): string {
  const value = childAt(node, node.type === 'VariableDeclarator' ? 'init' : 'value');
  const isFunction = value?.type === 'ArrowFunctionExpression' || value?.type === 'FunctionExpression';
  switch (node.type) {
    case 'FunctionDeclaration':
      return nameAt(node, 'id') ?? outerSymbol;
    case 'VariableDeclarator':
      return isFunction || outerSymbol === MODULE ? (nameAt(node, 'id') ?? outerSymbol) : outerSymbol;
    case 'MethodDefinition':
    case 'Property':
      return isFunction ? (nameAt(node, 'key') ?? outerSymbol) : outerSymbol;
    default:
      return outerSymbol;
  }
}

function nameAt(node: SyntaxNode, key: string): string | undefined {
  const name = childAt(node, key)?.name;
  return typeof name === 'string' ? name : undefined;
}
