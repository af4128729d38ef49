import type { Stack } from '../local/assembly/stack.ts';
import type { OnDecision } from '../local/iam/authorizer.ts';
import { addWebhooks, createApiKeys } from './actors.ts';
import { createCloud, type VirtualCloud } from './cloud.ts';
import type { FunctionCode } from './functions.ts';
import { createHistory, type History, type Remains } from './history.ts';
import { type Action, createPerformer } from './perform.ts';
import { collectRemains } from './remains.ts';
import type { Scenario } from './scenario.ts';
import type { Secrets } from './secrets.ts';
import { seedRandomness } from './seeded-random.ts';
import { startSteps } from './start-steps.ts';
import { START, startVirtualTime, type VirtualTime } from './virtual-time.ts';

/** The longest that a queue keeps anything: what still moves then never ends. */
const HORIZON_MS = 14 * 86_400_000;
/** Longer than Lambda waits before it runs a failed event again. */
const QUIET_MS = 200_000;
const HEARTBEAT_MS = 50_000;
/** Many times what the longest outage takes: beyond it, something turns in a circle. */
const MAX_TIMERS = 30_000;
/** Variety comes from the scenario; ids and nonces need only be the same every time. */
const RANDOM_SEED = 1;

/** What a scenario is played with. */
export interface Stage {
  readonly stack: Stack;
  readonly code: FunctionCode;
  readonly secrets: Secrets;
  /** Sees every decision on what a function may do. */
  readonly onDecision?: OnDecision;
}

export interface Played {
  readonly history: History;
  readonly remains: Remains;
  /** The schedule that was in force, where it is not the published one. */
  readonly retryDelaysMs?: readonly number[];
}

/** Plays a scenario to the point where nothing moves any more. The same one always plays the same. */
export async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  const time = startVirtualTime();
  const history = createHistory(START);
  let unseed: (() => void) | undefined;
  let cloud: VirtualCloud | undefined;
  try {
    cloud = await createCloud({ ...stage, scenario, time, history });
    await addWebhooks(scenario, cloud, stage.secrets);
    unseed = seedRandomness(RANDOM_SEED);
    const keys = await createApiKeys(scenario, cloud);
    history.lines.length = 0;
    const perform = createPerformer({ scenario, playground: cloud, history, keys });
    const settled = await run(scenario, cloud, time, perform);
    return { history, remains: await collectRemains(cloud, settled) };
  } finally {
    time.stop();
    unseed?.();
    await cloud?.dynamodb.close();
  }
}

/** Whether everything came to rest in time. */
async function run(
  scenario: Scenario,
  cloud: VirtualCloud,
  time: VirtualTime,
  perform: (action: Action) => Promise<void>,
): Promise<boolean> {
  const openSteps = startSteps(scenario, perform);
  let quietSince: number | undefined;
  for (let timers = 0; timers < MAX_TIMERS && time.now() < START + HORIZON_MS; timers++) {
    if (openSteps() === 0 && cloud.isQuiet()) {
      quietSince ??= time.now();
      if (time.now() - quietSince > QUIET_MS) return true;
      // Without it, time would jump to the timers of pollers that wait for weeks.
      setTimeout(() => undefined, HEARTBEAT_MS);
    } else quietSince = undefined;
    await time.step();
  }
  return false;
}
