import conditionParser from 'dynalite/db/conditionParser.js';
import db from 'dynalite/db/index.js';
import updateParser from 'dynalite/db/updateParser.js';
import { describe, expect, it } from 'vitest';
import { type Parse, type ParserContext, parseOnce } from '../../local/dynamodb/parse-once.ts';

type Values = Record<string, Record<string, unknown>>;

const NAMES = { '#pk': 'pk', '#n': 'count', '#m': 'map', '#s': 'constructor' };

function contextOf(attrVals: Values): ParserContext {
  const unused = (map: object) => Object.fromEntries(Object.keys(map).map((name) => [name, true as const]));
  return {
    attrNames: NAMES,
    attrVals,
    unusedAttrNames: unused(NAMES),
    unusedAttrVals: unused(attrVals),
    ...{ isReserved: () => false, compare: db.compare },
  };
}

/** The result, and the names and values that the expression does not use. */
function outcome(parse: Parse, text: string, values: Values) {
  const context = contextOf(values);
  const result = parse(text, { context });
  return { result, names: context.unusedAttrNames, values: context.unusedAttrVals };
}

const ONE: Values = { ':a': { S: 'one' }, ':b': { N: '1' }, ':c': { N: '3' } };
const TWO: Values = { ':a': { S: 'two' }, ':b': { N: '7' }, ':c': { N: '2' } };
const OTHER_TYPES: Values = { ':a': { N: '1' }, ':b': { SS: ['x'] }, ':c': { S: 'z' } };

const CONDITIONS = [
  'attribute_exists(#pk) AND (attribute_not_exists(#m.#s) OR #m.#s = :a OR NOT #n < :b)',
  '#n = :b OR (#s <> :a AND #n IN (:b, :c))',
  'begins_with(#pk, :a)',
  'contains(#s, :a) AND size(#m) > :b',
  '#n BETWEEN :b AND :c',
  'attribute_type(#s, :a)',
  'attribute_exists(:a)',
  '((#n = :b))',
  '#unknown = :b',
];
const UPDATES = [
  'SET #s = :a, #m.#s = if_not_exists(#n, :b) REMOVE #pk ADD #n :c',
  'SET #n = #n + :b DELETE #m :a',
  'ADD #n :b',
  'SET #n = :b, #n = :c',
];

describe('a parser that parses once', () => {
  const cases = [
    ...CONDITIONS.map((text) => ({ text, parse: conditionParser.parse })),
    ...UPDATES.map((text) => ({ text, parse: updateParser.parse })),
  ];

  it.each(cases)(
    'returns the result of the parser, with the values of each call: $text',
    ({ text, parse }) => {
      const once = parseOnce(parse);

      for (const values of [ONE, TWO, OTHER_TYPES, ONE, {}, TWO]) {
        expect(outcome(once, text, values)).toEqual(outcome(parse, text, values));
      }
    },
  );

  it('parses an expression again only for other names or other types of values', () => {
    let parsed = 0;
    const once = parseOnce((text, options) => {
      parsed += 1;
      return updateParser.parse(text, options);
    });
    const text = 'SET #n = :b';

    for (const values of [ONE, TWO, ONE, TWO]) outcome(once, text, values);
    expect(parsed).toBe(1);
    outcome(once, text, OTHER_TYPES);
    expect(parsed).toBe(2);
  });

  it('gives each call a result of its own', () => {
    const once = parseOnce(conditionParser.parse);
    const first = outcome(once, '#n = :b', ONE);
    const before = structuredClone(first);

    Object.assign(Object(outcome(once, '#n = :b', ONE).result).expression, { type: 'changed' });

    expect(first).toEqual(before);
    expect(outcome(once, '#n = :b', ONE)).toEqual(before);
  });
});
