import type { Stack } from '../local/assembly/stack.ts';
import type { AwsCall } from '../local/aws-calls.ts';
import type { OnDecision } from '../local/iam/authorizer.ts';
import { createCloud, type VirtualCloud } from './cloud.ts';
import { readFinalState } from './final-state.ts';
import type { FunctionCode } from './functions.ts';
import { createHistory, type FinalState, type History } from './history.ts';
import type { Scenario, UserAction } from './scenario.ts';
import type { Secrets } from './secrets.ts';
import { seedRandomness } from './seeded-random.ts';
import { startActions } from './start-actions.ts';
import { addWebhooks, createApiKeys } from './starting-state.ts';
import { createPerformer } from './user-actions.ts';
import { START, startVirtualTime, type VirtualTime } from './virtual-time.ts';

/** The longest retention of a queue: what still moves then never ends. */
const HORIZON_MS = 14 * 86_400_000;
/** Longer than Lambda waits before it runs a failed event again. */
const QUIET_MS = 200_000;
const HEARTBEAT_MS = 50_000;
/** Many times what the longest outage needs: more of them mean an endless loop. */
const MAX_TIMERS = 30_000;
/** The scenarios differ; ids and nonces need only be the same every time. */
const RANDOM_SEED = 1;

/** What a scenario is played with. */
export interface Stage {
  readonly stack: Stack;
  readonly code: FunctionCode;
  readonly secrets: Secrets;
  /** Called with every decision on what a function may do. */
  readonly onDecision?: OnDecision;
  /** Changes what functions ask of AWS, so that a test can take a condition away. */
  readonly alterCall?: (call: AwsCall) => AwsCall;
}

export interface Played {
  readonly history: History;
  readonly finalState: FinalState;
  /** The schedule that was in force, where it is not the published one. */
  readonly retryDelaysMs?: readonly number[];
  /** Of the stack that was played. Default: the contract's. */
  readonly followUpMarginMs?: number;
}

/** Plays a scenario until nothing moves any more. The same one always plays the same. */
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
    const perform = createPerformer({ scenario, playground: cloud, history, keys });
    const settled = await run(scenario, cloud, time, perform);
    return { history, finalState: await readFinalState(cloud, settled) };
  } finally {
    time.stop();
    unseed?.();
    await cloud?.dynamodb.close();
  }
}

/** Whether everything ended in time. */
async function run(
  scenario: Scenario,
  cloud: VirtualCloud,
  time: VirtualTime,
  perform: (action: UserAction) => Promise<void>,
): Promise<boolean> {
  const openActions = startActions(scenario, perform);
  let quietSince: number | undefined;
  for (let timers = 0; timers < MAX_TIMERS && time.now() < START + HORIZON_MS; timers++) {
    if (openActions() === 0 && cloud.isQuiet()) {
      quietSince ??= time.now();
      if (time.now() - quietSince > QUIET_MS) return true;
      // Without it, time would jump to the timers of pollers that wait for weeks.
      setTimeout(() => undefined, HEARTBEAT_MS);
    } else quietSince = undefined;
    await time.step();
  }
  return false;
}
