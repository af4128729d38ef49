import { describe, expect, it } from 'vitest';
import {
  parseTraceparent,
  spanIdOf,
  traceIdOf,
  traceparentOfAttempt,
} from '../../lambdas/shared/domain/traceparent.ts';
import { deliveryId } from '../support/builders.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const VALID = `00-${TRACE}-${PARENT}-01`;

describe('a traceparent', () => {
  it.each([
    [VALID, VALID],
    [`00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-00`],
    // `random` of Level 2 is kept, and reserved flags are not.
    [`00-${TRACE}-${PARENT}-03`, `00-${TRACE}-${PARENT}-03`],
    [`00-${TRACE}-${PARENT}-ff`, `00-${TRACE}-${PARENT}-03`],
    // A later version is read as version 00.
    [`cc-${TRACE}-${PARENT}-01`, VALID],
    [`01-${TRACE}-${PARENT}-01-what-the-future-adds`, VALID],
  ])('%s is read as %s', (text, expected) => {
    expect(parseTraceparent(text)).toBe(expected);
  });

  it.each([
    undefined,
    null,
    1,
    {},
    [VALID],
    '',
    ` ${VALID}`,
    `${VALID} `,
    `${VALID}\n`,
    `${VALID}-more`,
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-1`,
    `00-${TRACE}-${PARENT}-0x`,
    `0-${TRACE}-${PARENT}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE.slice(1)}-${PARENT}-01`,
    `01-${TRACE}-${PARENT}-01more`,
    `01-${TRACE}-${PARENT}-01-${'a'.repeat(300)}`,
  ])('%j is not valid [API-47]', (value) => {
    expect(parseTraceparent(value)).toBeUndefined();
  });

  it('of an attempt has the trace and the flags of the event, and a span of delivery and attempt', () => {
    const event = parseTraceparent(VALID);
    if (event === undefined) throw new Error('it is valid');
    const [first, second] = [deliveryId('dlv_1'), deliveryId('dlv_2')];

    const spans = [spanIdOf(first, 1), spanIdOf(first, 2), spanIdOf(second, 1)];

    expect(new Set(spans).size).toBe(3);
    expect(traceIdOf(event)).toBe(TRACE);
    expect(traceparentOfAttempt(event, first, 1)).toBe(`00-${TRACE}-${spans[0]}-01`);
    expect(parseTraceparent(traceparentOfAttempt(event, first, 1))).toBeDefined();
  });
});
