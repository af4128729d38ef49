import { describe, expect, it } from 'vitest';
import { prepareSetup } from '../../chaos/run-setup.ts';
import { alarmsOf, CASES, HARMLESS, shortName } from './alarm-scenarios.ts';
import { CASES_OF_CONCURRENCY, CASES_OF_PARTS, SMALL_CAPS } from './alarm-scenarios-of-parts.ts';
import { setup } from './default-setup.ts';

const smallSetup = await prepareSetup({ concurrency: SMALL_CAPS });

const NO_CONSOLE = 'no console in virtual time; the alarm is made as that of serve-api, on the same metrics';

/** Alarms that no scenario can trip, with the reason. */
const WITHOUT_SCENARIO = {
  'errors-serve-console': NO_CONSOLE,
  'errors-create-portal-link': NO_CONSOLE,
  'throttles-serve-console': NO_CONSOLE,
  'throttles-create-portal-link': NO_CONSOLE,
  'duration-serve-console': NO_CONSOLE,
  'duration-create-portal-link': NO_CONSOLE,
  'canary-silent':
    'no schedule runs in virtual time; test/infrastructure/canary.test.ts evaluates the alarm with and without events',
};

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
});

describe('each alarm of the template', () => {
  it('has a fault that trips it, or a reason why not', async () => {
    const { alarms } = (await prepareSetup({ canary: true })).stack;
    const tripped = [...CASES, ...CASES_OF_PARTS, ...CASES_OF_CONCURRENCY].flatMap((one) => one.alarms);

    expect(alarms.map(({ name }) => shortName(name)).sort()).toEqual(
      [...new Set([...tripped, ...Object.keys(WITHOUT_SCENARIO)])].sort(),
    );
  });
});

describe('no alarm', () => {
  it.each(HARMLESS)('begins when %s', async (_, run) => {
    expect(await alarmsOf(run, setup)).toEqual({ began: [], unended: [] });
  });
});
