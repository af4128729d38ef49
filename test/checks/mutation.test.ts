import { describe, expect, it } from 'vitest';
import { findMutants } from '../../checks/mutation/find-mutants.ts';
import { instrument } from '../../checks/mutation/instrument.ts';

const namesOf = (source: string): string[] => findMutants('a.ts', source, 1).map(({ name }) => name);

/** The results of `f(...args)` in the original code and with each mutant of it. */
function resultsOf(source: string, ...args: unknown[]): Record<string, unknown> {
  const mutants = findMutants('a.ts', source, 1);
  const text = instrument(source, mutants);
  const run = (active: number): unknown =>
    new Function('isMutantActive', `${text}; return f;`)((id: number) => id === active)(...args);
  return Object.fromEntries([
    ['original', run(0)],
    ...mutants.map(({ id, name }) => [name.replace('f: ', ''), run(id)]),
  ]);
}

describe('a mutant', () => {
  it.each([
    [
      'function f(n) { return n > 1 }',
      [2],
      { '> is >=': true, '> is <=': false, 'number is one more': false },
    ],
    ['const f = (a) => a ?? 5', [7], { '?? without its default': 7, '?? is its default': 5 }],
    ['function f(a) { if (a) return 1; return 0 }', [true], { 'condition is false': 0 }],
    ['function f(a) { return a?.b?.c }', [{ b: { c: 1 } }], { '?. is .': 1, '?. is . 2': 1 }],
    [
      'function f(a) { return [a].filter((x) => !x) }',
      [3],
      { 'filter is removed': [3], '! is removed': [3] },
    ],
    ['function f(a) { const l = []; l.push(a); return l }', [3], { 'call is removed': [] }],
    [
      "function f() { return { a: 'x', b: true } }",
      [],
      { 'object is empty': {}, 'true is false': { a: 'x', b: false } },
    ],
    ["function f() { return 'a' + `b` }", [], { 'text is empty': 'b', 'text is empty 2': 'a' }],
    ['const f = (a, b) => Math.min(a, b)', [1, 2], { 'min is max': 2, 'result is undefined': undefined }],
  ])('changes one behaviour: %s', (source, args, expected) => {
    const results = resultsOf(source, ...args);

    expect(results).toMatchObject(expected);
  });

  it('keeps an else with the condition before it', () => {
    const results = resultsOf(
      'function f(a) { const l = []; if (a) l.push(1); else l.push(2); return l }',
      false,
    );

    expect(results).toMatchObject({ original: [2], 'call is removed': [2], 'call is removed 2': [] });
  });

  it('is not a call of a private method with the name of a method of arrays', () => {
    expect(namesOf('class A { #sort() {} f() { return this.#sort() } }').join()).not.toContain('sort is');
  });

  it('is one of several at the same place, and the original code is unchanged', () => {
    const results = resultsOf('function f(a, b) { if (a && !b) { return 1 } return 2 }', true, false);

    expect(results).toEqual({
      original: 1,
      'block is empty': undefined,
      'condition is true': 1,
      'condition is false': 2,
      '&& is ||': 1,
      '! is removed': 2,
      'block is empty 2': 2,
      'number is one more': 2,
      'number is one more 2': 1,
    });
  });

  it('does not let a comment in its text hide the code after it', () => {
    expect(resultsOf('function f(a) { return a // none\n ?? 5 // five\n }', undefined)).toMatchObject({
      original: 5,
    });
  });

  it('is named by the function or the constant that contains it', () => {
    expect(
      namesOf(
        'const LIMIT = 5; const f = () => { const g = () => 1; return g }; class C { m() { return 2 } }',
      ),
    ).toEqual([
      'LIMIT: number is one more',
      'f: block is empty',
      'g: number is one more',
      'g: result is undefined',
      'm: block is empty',
      'm: number is one more',
    ]);
  });

  it.each([
    "import { a } from './a.ts'; export * from './b.ts';",
    "type Status = 'delivered' | 5; interface A { a: true }",
    "throw new Error('text'); log('a message for people');",
    'const { a } = b; enum_.x = y;',
  ])('is not made of %s', (source) => {
    expect(namesOf(source).filter((name) => !name.endsWith('call is removed'))).toEqual([]);
  });
});
