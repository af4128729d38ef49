import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountsOf, accountsWith, ORIGINS } from '../shared/unit-accounts.ts';
import { type Source, startUnitCloud, type UnitCloud } from '../shared/unit-cloud.ts';
import { createRounds, type UnitRound } from '../shared/unit-rounds.ts';

/** Deliveries before the measurement, in which V8 compiles the code. */
const WARM_UP_DELIVERIES = 1_500;

const OTHER_FAN_OUTS = [100] as const;
export const FAN_OUTS = [1, ...OTHER_FAN_OUTS] as const;

/** Microseconds of CPU time for a delivery. */
export interface Cost {
  readonly dispatchUs: number;
  readonly sendUs: number;
}

/** One round of each build. */
export interface Pair {
  readonly fanOut: number;
  readonly baseline: Cost;
  readonly ours: Cost;
}

interface ComparisonSettings {
  /** A synthesized app of this checkout that allows private endpoints. */
  readonly assemblyDirectory: string;
  /** Another build's functions: `<step>/index.mjs`. */
  readonly baselineDirectory: string;
  readonly pairs: number;
  /** Deliveries of one round of one build at one fan-out. */
  readonly deliveries: number;
  readonly progress: (text: string) => void;
}

/** Runs the dispatcher and the sender of two builds in turn, each in processes of its own, on one local cloud. */
export async function compareBuilds(
  settings: ComparisonSettings,
): Promise<{ pairs: readonly Pair[]; failures: readonly string[] }> {
  const { assemblyDirectory, baselineDirectory, deliveries, progress } = settings;
  const accounts = accountsWith(OTHER_FAN_OUTS);
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-builds-'));
  const ours = await startUnitCloud({ assemblyDirectory, endpoints: ORIGINS, answerMs: 0, accounts });
  try {
    const baseline = await unitsOf(ours, baselineDirectory, directory);
    const rounds = { ours: createRounds(ours), baseline: createRounds(baseline) };
    const failures: string[] = [];
    const run = async (name: keyof typeof rounds, fanOut: number, count: number): Promise<Cost> => {
      const events = Math.ceil(count / fanOut);
      const round = await rounds[name]({
        accounts: accountsOf(ours.accounts, OTHER_FAN_OUTS, fanOut),
        fanOut,
        events,
      });
      failures.push(...round.failures);
      return costOf(round);
    };

    for (const fanOut of FAN_OUTS) {
      await run('baseline', fanOut, WARM_UP_DELIVERIES);
      await run('ours', fanOut, WARM_UP_DELIVERIES);
    }
    const pairs: Pair[] = [];
    for (let n = 0; n < settings.pairs; n += 1) {
      for (const fanOut of FAN_OUTS) {
        // The order alternates, so that a change of the machine's load affects both.
        const first = n % 2 === 0 ? await run('ours', fanOut, deliveries) : undefined;
        const other = await run('baseline', fanOut, deliveries);
        pairs.push({ fanOut, baseline: other, ours: first ?? (await run('ours', fanOut, deliveries)) });
      }
      progress(`pair ${n + 1}`);
    }
    return { pairs, failures };
  } finally {
    await ours.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function costOf({ dispatchUs, sendUs, deliveries }: UnitRound): Cost {
  return { dispatchUs: dispatchUs / deliveries, sendUs: sendUs / deliveries };
}

/** The same cloud with new processes, which run the functions of another build with the catalogue of this one. */
async function unitsOf(units: UnitCloud, functions: string, directory: string): Promise<UnitCloud> {
  const sourceOf = async (source: Source, part: string, step: string): Promise<Source> => {
    const code = join(directory, step);
    await cp(units.cloud.findFunction(part).settings.directory, code, { recursive: true });
    await cp(join(functions, step, 'index.mjs'), join(code, 'index.mjs'));
    return { ...source, unit: await units.startUnit(part, { directory: code }) };
  };
  return {
    ...units,
    dispatch: await sourceOf(units.dispatch, 'DispatchEvent', 'dispatch-event'),
    send: await sourceOf(units.send, 'FirstLane', 'send-delivery'),
  };
}
