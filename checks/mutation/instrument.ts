import type { Edit, Mutant } from './mutant.ts';

/** The global function that returns whether the mutant with an id is active. */
export const IS_ACTIVE = 'isMutantActive';

interface Span {
  start: number;
  end: number;
  mutants: Mutant[];
  inner: Span[];
}

/** The source with all its mutants, each of them chosen at run time. */
export function instrument(source: string, mutants: Mutant[]): string {
  return render({ start: 0, end: source.length, mutants: [], inner: nest(mutants) }, source);
}

/** Syntax nodes either contain each other or do not overlap. */
function nest(mutants: Mutant[]): Span[] {
  const spans = new Map<string, Span>();
  for (const mutant of mutants) {
    const { start, end } = mutant.edit;
    const key = `${start}-${end}`;
    const span = spans.get(key) ?? { start, end, mutants: [], inner: [] };
    span.mutants.push(mutant);
    spans.set(key, span);
  }
  const outermost: Span[] = [];
  const open: Span[] = [];
  for (const span of [...spans.values()].sort((a, b) => a.start - b.start || b.end - a.end)) {
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= span.start) open.pop();
    (open.at(-1)?.inner ?? outermost).push(span);
    open.push(span);
  }
  return outermost;
}

function render(span: Span, source: string): string {
  let text = '';
  let at = span.start;
  for (const inner of span.inner) {
    text += source.slice(at, inner.start) + render(inner, source);
    at = inner.end;
  }
  text += source.slice(at, span.end);
  return span.mutants.reduce((original, { id, edit }) => choose(id, edit, original), text);
}

function choose(id: number, edit: Edit, original: string): string {
  const isActive = `${IS_ACTIVE}(${id})`;
  switch (edit.type) {
    case 'expression':
      // The line break ends a comment in the text.
      return `(${isActive} ? (${edit.text}\n) : (${original}))`;
    case 'statement':
      // The braces keep a following `else` with its own condition.
      return `{ if (!${isActive}) ${original} }`;
    case 'block':
      return edit.isFunctionBody
        ? `{ if (${isActive}) return;${original.slice(1)}`
        : `{ if (!${isActive}) ${original} }`;
  }
}
