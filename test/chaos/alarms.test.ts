import { describe, expect, it } from 'vitest';
import { prepareSetup } from '../../chaos/run-setup.ts';
import { alarmsOf, CASES, HARMLESS } from './alarm-scenarios.ts';

const setup = await prepareSetup();

describe('a fault', () => {
  it.each(CASES)('trips its alarms, no other, and they clear: $fault', async ({ alarms, run }) => {
    expect(await alarmsOf(run, setup)).toEqual({ began: [...alarms].sort(), unended: [] });
  });
});

describe('no alarm', () => {
  it.each(HARMLESS)('begins when %s', async (_, run) => {
    expect(await alarmsOf(run, setup)).toEqual({ began: [], unended: [] });
  });
});
