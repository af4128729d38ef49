import { Annotations, Match as Matching, Template } from 'aws-cdk-lib/assertions';
import { EventBus, type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { Aws, Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { findPatternProblems, parseEventPattern } from '../../lib/shared/event-pattern.ts';
import { OPERATOR_NAMES } from '../../lib/shared/event-pattern-operators.ts';
import { domainEventPattern } from '../../lib/shared/events.ts';
import { InputError } from '../../lib/shared/input.ts';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { compilePattern } from '../../local/events/pattern.ts';
import { createApp } from './synthesize.ts';

/** One pattern for each operator and combination in EventBridge's user guide. */
const ACCEPTED = [
  { source: ['shop'], 'detail-type': ['order.paid', 'order.shipped'] },
  { 'detail-type': [{ prefix: 'order.' }] },
  { 'detail-type': [{ prefix: { 'equals-ignore-case': 'ORDER.' } }] },
  { source: [{ suffix: '.shop' }, { suffix: { 'equals-ignore-case': '.SHOP' } }] },
  { source: [{ 'equals-ignore-case': 'Shop' }] },
  { detail: { path: [{ wildcard: 'dir/*/file\\*\\\\.png' }] } },
  { detail: { state: [{ 'anything-but': 'initializing' }, { 'anything-but': ['a', 'b'] }] } },
  { detail: { limit: [{ 'anything-but': 123 }, { 'anything-but': [100, 0.000001, -5e9] }] } },
  { detail: { state: [{ 'anything-but': { prefix: 'init' } }, { 'anything-but': { suffix: ['a', 'b'] } }] } },
  { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['a', 'B'] } }] } },
  { detail: { path: [{ 'anything-but': { wildcard: '*/lib/*' } }] } },
  { detail: { count: [{ numeric: ['>', 0, '<=', 5] }], other: [{ numeric: ['=', 3.018e2] }] } },
  { detail: { count: [{ numeric: ['<', 10] }, { numeric: ['>=', -5e9] }, { numeric: ['<=', 5e9] }] } },
  { detail: { ip: [{ cidr: '10.0.0.0/24' }, { cidr: '2001:db8::/64' }, { cidr: '0.0.0.0/0' }] } },
  { detail: { product: [{ exists: true }], gone: [{ exists: false }] } },
  { detail: { name: [''], number: [5, 2 ** 53 - 1, 1.5], flag: [true, false] } },
  { detail: { $or: [{ count: [{ numeric: ['>', 0] }] }, { limit: [{ numeric: ['<', 9] }], x: ['y'] }] } },
  { $or: [{ source: ['shop'] }, { 'detail-type': ['x'], $or: [{ id: ['1'] }, { region: ['r'] }] }] },
  { resources: [{ prefix: 'arn:' }], account: ['111122223333'], 'replay-name': ['again'], version: ['0'] },
];

const nested = (levels: number): object => (levels === 0 ? { x: ['y'] } : { a: nested(levels - 1) });
const list = <Item>(length: number, item: (index: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => item(index));

/** A pattern that is refused, and a part of the message. */
const REFUSED: readonly (readonly [pattern: unknown, problem: string])[] = [
  [{}, 'the pattern is empty'],
  [[], 'it must be a JSON object, got []'],
  ['shop', 'it must be a JSON object, got "shop"'],
  [null, 'it must be a JSON object, got null'],
  [{ 'detail-type': 'order.paid' }, 'detail-type must be a list, such as ["order.paid"], got "order.paid"'],
  [{ detail: { count: 5 } }, 'detail.count must be a list, such as [5], got 5'],
  [{ detail: { x: null } }, 'detail.x must be a list'],
  [{ source: [] }, 'source is an empty list'],
  [{ detail: {} }, 'detail is empty'],
  [{ detail: { x: {} } }, 'detail.x is empty'],
  [{ detailType: ['x'] }, 'detailType is not a field of an event; allowed are version, id, detail-type,'],
  [{ sauce: ['x'] }, 'sauce is not a field of an event'],
  [{ $or: [{ sauce: ['x'] }, { source: ['x'] }] }, 'sauce is not a field of an event'],
  [{ source: [['x']] }, 'source must list texts, numbers, true, false and operators, got ["x"]'],
  [{ source: [null] }, 'source contains null; CloudFormation allows no null'],
  [{ detail: { x: [2 ** 53] } }, 'detail.x contains 9007199254740992; a whole number above 2^53'],
  [{ detail: { x: [Number.POSITIVE_INFINITY] } }, 'detail.x contains Infinity'],
  [{ source: [{}] }, 'source {} must have exactly one operator'],
  [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'must have exactly one operator'],
  [
    { source: [{ contains: 'a' }] },
    '"contains" is not an operator of EventBridge; its operators are: prefix, suffix,',
  ],
  [{ source: [{ exactly: 'a' }] }, '"exactly" is not an operator'],
  [{ source: [{ toString: 'a' }] }, '"toString" is not an operator'],
  [{ source: [{ prefix: 5 }] }, 'source prefix must be a text or {"equals-ignore-case": <text>}, got 5'],
  [{ source: [{ prefix: { wildcard: 'a' } }] }, 'source prefix must be a text or'],
  [{ source: [{ suffix: ['a'] }] }, 'source suffix must be a text or'],
  [{ source: [{ 'equals-ignore-case': ['a'] }] }, 'equals-ignore-case must be a text'],
  [{ source: [{ wildcard: 'a**b' }] }, 'wildcard must not have two * in a row'],
  [{ source: [{ wildcard: 'a\\b' }] }, 'wildcard may use a backslash only before * or another backslash'],
  [{ source: [{ wildcard: 'a\\' }] }, 'wildcard may use a backslash only before'],
  [{ source: [{ wildcard: 5 }] }, 'wildcard must be a text'],
  [{ source: [{ 'anything-but': [] }] }, 'anything-but must be a text, a number from -5e9 to 5e9, a list'],
  [
    { source: [{ 'anything-but': ['a', 5] }] },
    'anything-but must be a text, a number from -5e9 to 5e9, a list',
  ],
  [{ source: [{ 'anything-but': true }] }, 'anything-but must be a text, a number from -5e9 to 5e9, a list'],
  [
    { source: [{ 'anything-but': 5e9 + 1 }] },
    'anything-but must be a text, a number from -5e9 to 5e9, a list',
  ],
  [{ source: [{ 'anything-but': { numeric: ['=', 5] } }] }, 'anything-but takes one of prefix, suffix,'],
  [{ source: [{ 'anything-but': { prefix: '' } }] }, 'anything-but with prefix must not have an empty text'],
  [{ source: [{ 'anything-but': { prefix: [] } }] }, 'anything-but with prefix must have a text or a list'],
  [{ source: [{ 'anything-but': { suffix: [5] } }] }, 'anything-but with suffix must have a text or a list'],
  [{ source: [{ 'anything-but': { wildcard: '**' } }] }, 'anything-but must not have two * in a row'],
  [{ detail: { n: [{ numeric: '5' }] } }, 'numeric must be like ["=", 5]'],
  [{ detail: { n: [{ numeric: [] }] } }, 'numeric must be like ["=", 5]'],
  [{ detail: { n: [{ numeric: ['!=', 5] }] } }, 'numeric must be like ["=", 5]'],
  [{ detail: { n: [{ numeric: ['=', 5, '<', 9] }] } }, 'numeric must be like ["=", 5]'],
  [{ detail: { n: [{ numeric: ['<', 9, '>', 5] }] } }, 'the lower limit first'],
  [{ detail: { n: [{ numeric: ['>', 5, '<', 9, '<', 8] }] } }, 'numeric must be like ["=", 5]'],
  [{ detail: { n: [{ numeric: ['>', 5, '<', 5] }] } }, 'numeric must have a lower limit below the upper one'],
  [{ detail: { n: [{ numeric: ['>', '5'] }] } }, 'numeric must compare with numbers from -5e9 to 5e9'],
  [{ detail: { n: [{ numeric: ['>', 5e9 + 1] }] } }, 'numeric must compare with numbers from -5e9 to 5e9'],
  [{ detail: { n: [{ numeric: ['>', 0.0000001] }] } }, 'of at most 6 decimals'],
  [{ detail: { ip: [{ cidr: '10.0.0.0' }] } }, 'cidr must be a range such as "10.0.0.0/24"'],
  [{ detail: { ip: [{ cidr: '10.0.0.256/24' }] } }, 'cidr must be a range such as'],
  [{ detail: { ip: [{ cidr: '10.0.0.0/32' }] } }, 'cidr must have at most 31 mask bits'],
  [{ detail: { ip: [{ cidr: '::1/128' }] } }, 'cidr must have at most 127 mask bits'],
  [{ detail: { ip: [{ cidr: ['10.0.0.0/8'] }] } }, 'cidr must be a range such as'],
  [{ detail: { x: [{ exists: 'true' }] } }, 'exists must be true or false, got "true"'],
  [{ $or: { source: ['x'] } }, '$or must be a list of two or more objects'],
  [{ $or: [{ source: ['x'] }] }, '$or must be a list of two or more objects'],
  [{ detail: { $or: [['x'], ['y']] } }, 'detail.$or must be a list of two or more objects'],
  [{ $or: [{ source: ['x'] }, {}] }, 'the pattern is empty'],
  [
    { detail: { $or: [{ prefix: ['x'] }, { a: ['y'] }] } },
    'detail.prefix is a name that EventBridge reserves',
  ],
  [{ source: ['a'], $or: [{ source: ['b'] }, { id: ['c'] }] }, 'source is given twice'],
  [
    {
      detail: {
        $or: list(32, (a) => ({ a: [a] })),
        x: { $or: list(32, (b) => ({ b: [b] })) },
      },
    },
    'detail has $or lists with more than 1000 combinations',
  ],
  [{ detail: nested(100) }, 'is nested in more than 100 objects'],
  [
    { source: [`${'a'.repeat(4_082)}`] },
    'the pattern has 4097 characters of JSON; EventBridge allows at most 4096',
  ],
  [{ detail: JSON.parse('{"__proto__":["x"]}') }, 'detail.__proto__ is a name that CDK drops'],
  [{ account: [{ Ref: 'AWS::AccountId' }] }, 'which CloudFormation reads as an intrinsic function'],
  [
    { detail: { x: [{ prefix: { 'Fn::Sub': 'a' } }] } },
    'which CloudFormation reads as an intrinsic function',
  ],
  [{ detail: { Ref: ['x'] } }, 'which CloudFormation reads as an intrinsic function'],
  [{ Ref: 'Parameter' }, 'which CloudFormation reads as an intrinsic function'],
];

describe('an event pattern', () => {
  it.each(ACCEPTED.map((pattern) => ({ pattern })))('may be $pattern', ({ pattern }) => {
    expect(findPatternProblems(pattern)).toEqual([]);
    expect(() => compilePattern(pattern)).not.toThrow();
  });

  it.each(REFUSED.map(([pattern, problem]) => ({ pattern, problem })))(
    'may not be $pattern [FAULT-33]',
    ({ pattern, problem }) => {
      expect(findPatternProblems(pattern).join('\n')).toContain(problem);
    },
  );

  it('may have the most characters and combinations that EventBridge allows', () => {
    expect(findPatternProblems({ source: ['a'.repeat(4_081)] })).toEqual([]);
    expect(
      findPatternProblems({
        detail: { $or: list(25, (a) => ({ a: [a] })), x: { $or: list(40, (b) => ({ b: [b] })) } },
      }),
    ).toEqual([]);
  });

  it('has a list of its problems, at most five of them', () => {
    expect(findPatternProblems({ source: 'a', detail: { x: 'b' } })).toHaveLength(2);
    const many = Object.fromEntries(list(50, (index) => [`f${index}`, 'x']));
    expect(findPatternProblems({ detail: many }).at(-1)).toBe('and 45 more problems');
  });
});

/** A field's value, valid or not. */
const anyValue = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constantFrom('10.0.0.0/8', '>', 'a*b', '**'),
  fc.integer({ min: -10, max: 10 }),
  fc.constantFrom(2 ** 53, 1e300, 0.5),
  fc.boolean(),
  fc.constant(null),
);
const operator = fc.constantFrom(...OPERATOR_NAMES, 'contains', '__proto__');
const fieldName = fc.constantFrom('a', 'b', '$or', 'prefix', '__proto__', 'Ref', 'Fn::Sub', 'detail-type');
const { values } = fc.letrec((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small' },
    anyValue,
    fc.array(anyValue, { maxLength: 4 }),
    fc.tuple(operator, tie('operand')).map(entry),
  ),
  alternative: fc.oneof({ weight: 3, arbitrary: anyValue }, fc.tuple(operator, tie('operand')).map(entry)),
  values: fc.oneof(
    { depthSize: 'small' },
    { weight: 4, arbitrary: fc.array(tie('alternative'), { maxLength: 3 }) },
    anyValue,
    fc.array(fc.tuple(fieldName, tie('values')), { maxLength: 3 }).map(fields),
  ),
}));
const patterns = fc
  .array(fc.tuple(fc.constantFrom('source', 'detail-type', 'detail', 'account', '$or', 'x'), values), {
    maxLength: 4,
  })
  .map(fields);

/** Patterns of which most are accepted. Of the patterns above, few are accepted. */
const text = fc.string({ unit: 'binary', maxLength: 5 });
const validValues = fc.array(
  fc.oneof(
    text,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.record({ prefix: fc.oneof(text, fc.record({ 'equals-ignore-case': text })) }),
    fc.record({ suffix: text }),
    fc.record({ wildcard: text.map((plain) => `${plain.replaceAll(/[\\*]/g, '\\$&')}*`) }),
    fc.record({ exists: fc.boolean() }),
    fc.record({ cidr: fc.tuple(fc.ipV4(), fc.nat(31)).map(([address, bits]) => `${address}/${bits}`) }),
    fc.record({ numeric: fc.integer({ min: -5e9, max: 4e9 }).map((low) => ['>=', low, '<', low + 1]) }),
    fc.record({
      'anything-but': fc.oneof(fc.array(text, { minLength: 1 }), fc.record({ suffix: fc.constant('x') })),
    }),
  ),
  { minLength: 1, maxLength: 3 },
);
const { details } = fc.letrec((tie) => ({
  details: fc
    .array(
      fc.tuple(text, fc.oneof({ depthSize: 'small' }, validValues, tie('details'), tie('alternatives'))),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map(fields),
  alternatives: fc.array(tie('details'), { minLength: 2, maxLength: 3 }).map(($or) => ({ $or })),
}));
const validPatterns = fc
  .record({ source: validValues, 'detail-type': validValues, detail: details }, { requiredKeys: [] })
  .filter((pattern) => Object.keys(pattern).length > 0);

function entry([name, value]: [string, unknown]): unknown {
  return fields([[name, value]]);
}

/** An object as JSON.parse creates it, in which `__proto__` is an ordinary property. */
function fields(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return JSON.parse(
    `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  );
}

describe('a pattern that is accepted', () => {
  it('is compiled by the local cloud without an error', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(patterns, validPatterns), (pattern) => {
        if (findPatternProblems(pattern).length > 0) return;
        accepted++;
        compilePattern(pattern);
      }),
      { numRuns: 4_000 },
    );

    expect(accepted).toBeGreaterThan(500);
  });

  it('is in the template exactly as in the setting [FAULT-33]', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(patterns, validPatterns), (pattern: Record<string, unknown>) => {
        // With the source that is added, a longer pattern is refused.
        const isTooLong = JSON.stringify(pattern).length > 4_000;
        if (isTooLong || !parseEventPattern(pattern).ok) return;
        accepted++;

        const rendered = templatePattern(JSON.stringify(pattern));

        const { source, ...others } = rendered;
        const { source: given, ...rest } = pattern;
        expect(others).toEqual(rest);
        if (given !== undefined) expect(source).toEqual(given);
      }),
      { numRuns: 200 },
    );

    expect(accepted).toBeGreaterThan(30);
  });
});

function stackWithBus(): { stack: Stack; eventBus: EventBus } {
  const stack = new Stack(createApp(), 'Shop');
  return { stack, eventBus: new EventBus(stack, 'Bus') };
}

/** The pattern of the rule for domain events in the template. Only the rule is synthesized, since that is fast. */
function templatePattern(json: string): Record<string, unknown> {
  const { stack, eventBus } = stackWithBus();
  const { eventPattern } = readSettings({ 'webhook-fanout:eventPattern': json }, {}).fanout(stack);
  new Rule(stack, 'Rule', {
    eventBus,
    eventPattern: domainEventPattern(stack, {
      systemEventSource: 'webhook-fanout.Shop',
      hasOwnBus: false,
      givenPattern: eventPattern,
    }),
  });
  const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  return rule?.Properties.EventPattern;
}

describe('the pattern of the construct', () => {
  const fanoutWith = (eventPattern: EventPattern) => {
    const { stack, eventBus } = stackWithBus();
    return { stack, fanout: new WebhookFanout(stack, 'Fanout', { eventBus, eventPattern }) };
  };

  it("may use CDK's matchers and values that CloudFormation resolves", () => {
    const { stack, fanout } = fanoutWith({
      account: [Aws.ACCOUNT_ID],
      detailType: Match.anyOf(Match.prefix('order.'), Match.suffix('.paid')),
      detail: { count: Match.interval(1, 5), ip: Match.cidr('10.0.0.0/8'), gone: Match.doesNotExist() },
    });

    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(rules[0]?.Properties.EventPattern).toEqual({
      source: [{ 'anything-but': [fanout.systemEventSource] }],
      account: [{ Ref: 'AWS::AccountId' }],
      'detail-type': [{ prefix: 'order.' }, { suffix: '.paid' }],
      detail: {
        count: [{ numeric: ['>=', 1, '<=', 5] }],
        ip: [{ cidr: '10.0.0.0/8' }],
        gone: [{ exists: false }],
      },
    });
  });

  it.each([
    [{ detailType: 'order.paid' }, '- detail-type must be a list'],
    [{ detailType: ['x'], 'detail-type': ['y'] }, 'has both detailType and detail-type'],
    [{ detail: { x: Match.nullValue() } }, '- detail.x contains null'],
    [{ detail: { x: Match.cidr('10.0.0.0/32') } }, '- detail.x cidr must have at most 31 mask bits'],
    [{ detail: { x: Match.allOf(Match.lessThan(5), Match.greaterThan(1)) } }, 'the lower limit first'],
    [{}, '- the pattern is empty'],
    ['shop', '- it must be a JSON object, got "shop"'],
  ])('is refused when it is %j, and its problems are listed', (pattern, problem) => {
    // A caller in JavaScript can pass any value.
    const passed = pattern as EventPattern;

    expect(() => fanoutWith(passed)).toThrow(InputError);
    expect(() => fanoutWith(passed)).toThrow(problem);
  });

  it('excludes the system events when the pattern does not select a source', () => {
    const withSource = templatePattern('{"source":["shop"]}');
    const withSourceInOr = templatePattern('{"$or":[{"source":["shop"]},{"region":["r"]}]}');
    const without = templatePattern('{"detail":{"x":["y"]}}');

    expect(withSource).toEqual({ source: ['shop'] });
    expect(withSourceInOr).toEqual({ $or: [{ source: ['shop'] }, { region: ['r'] }] });
    expect(without).toEqual({
      source: [{ 'anything-but': ['webhook-fanout.Shop'] }],
      detail: { x: ['y'] },
    });
  });

  it("causes a warning above the account's default quota for its length, and an error above the maximum", () => {
    const { stack } = fanoutWith({ detail: { x: ['a'.repeat(2_100)] } });
    const short = fanoutWith({ detail: { x: ['a'.repeat(1_000)] } });

    const warning = Matching.stringLikeRegexp('pattern has \\d+ characters; an account.s quota is 2048');
    expect(Annotations.fromStack(stack).findWarning('*', warning)).toHaveLength(1);
    expect(Annotations.fromStack(short.stack).findWarning('*', Matching.anyValue())).toEqual([]);
    // Short enough alone, but not with the source that is added.
    expect(() => fanoutWith({ detail: { x: ['a'.repeat(4_060)] } })).toThrow(
      /with the added source that excludes system events; EventBridge allows at most 4096/,
    );
  });
});
