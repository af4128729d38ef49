import { describe, expect, it } from 'vitest';
import { prepareSetup } from '../../chaos/run-setup.ts';
import { alarmsOf, CASES, HARMLESS, shortName } from './alarm-scenarios.ts';
import {
  CASES_OF_CANARY,
  CASES_OF_CONCURRENCY,
  CASES_OF_PARTS,
  SMALL_CAPS,
  TIMES_OF_CANARY,
} from './alarm-scenarios-of-parts.ts';
import { setup } from './default-setup.ts';

const smallSetup = await prepareSetup({ concurrency: SMALL_CAPS });
const canarySetup = { ...(await prepareSetup({ canary: true })), ...TIMES_OF_CANARY };

const ALL_CASES = [...CASES, ...CASES_OF_PARTS, ...CASES_OF_CONCURRENCY, ...CASES_OF_CANARY];

describe('a fault', () => {
  it.each([...CASES, ...CASES_OF_PARTS])(
    'trips its alarms, no other, and they clear: $fault',
    async ({ alarms, run }) => {
      expect(await alarmsOf(run, setup)).toEqual({ began: [...alarms].sort(), unended: [] });
    },
  );

  it.each(CASES_OF_CONCURRENCY)(
    'with small caps trips its alarm, no other, and it clears: $fault',
    async ({ alarms, run }) => {
      expect(await alarmsOf(run, smallSetup)).toEqual({ began: [...alarms].sort(), unended: [] });
    },
  );

  it.each(CASES_OF_CANARY)(
    'with a canary trips its alarms, no other, and they clear: $fault',
    async ({ alarms, run }) => {
      expect(await alarmsOf(run, canarySetup)).toEqual({ began: [...alarms].sort(), unended: [] });
    },
  );
});

describe('each alarm of the template', () => {
  it('has a fault that trips it', () => {
    const tripped = ALL_CASES.flatMap((one) => one.alarms);

    expect(canarySetup.stack.alarms.map(({ name }) => shortName(name)).sort()).toEqual(
      [...new Set(tripped)].sort(),
    );
  });
});

describe('no alarm', () => {
  it.each(HARMLESS)('begins when %s', async (_, run) => {
    expect(await alarmsOf(run, setup)).toEqual({ began: [], unended: [] });
  });

  it('begins when nothing fails, with a canary', async () => {
    expect(await alarmsOf({ actions: [] }, canarySetup)).toEqual({ began: [], unended: [] });
  });
});
