import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Stack } from '../local/assembly/stack.ts';
import type { CallContext, Json } from '../local/calls.ts';
import { addWebhooks, createApiKeys } from './actors.ts';
import { createCloud, type VirtualCloud } from './cloud.ts';
import { createHistory, type History, type Item, type Remains } from './history.ts';
import type { FunctionCode } from './load-functions.ts';
import { asAttributes } from './observed-dynamodb.ts';
import { type Action, createPerformer } from './perform.ts';
import type { Scenario } from './scenario.ts';
import type { Secrets } from './secrets.ts';
import { seedRandomness } from './seeded-random.ts';
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
}

export interface Played {
  readonly history: History;
  readonly remains: Remains;
}

/** Plays a scenario to the point where nothing moves any more. The same one always plays the same. */
export async function play(scenario: Scenario, { stack, code, secrets }: Stage): Promise<Played> {
  const time = startVirtualTime();
  const history = createHistory();
  let unseed: (() => void) | undefined;
  let cloud: VirtualCloud | undefined;
  try {
    cloud = await createCloud({ stack, code, scenario, time, history });
    await addWebhooks(scenario, stack, cloud, secrets);
    unseed = seedRandomness(RANDOM_SEED);
    const keys = await createApiKeys(scenario, stack, cloud);
    history.lines.length = 0;
    const perform = createPerformer({ scenario, stack, cloud, history, keys });
    const settled = await run(scenario, cloud, time, perform);
    return { history, remains: await collect(stack, cloud, settled) };
  } finally {
    time.stop();
    unseed?.();
    await cloud?.dynamodb.close();
  }
}

/** Whether everything came to rest in time. */
async function run(
  { webhooks, steps }: Scenario,
  cloud: VirtualCloud,
  time: VirtualTime,
  perform: (action: Action) => Promise<void>,
): Promise<boolean> {
  let open = 0;
  const later = (at: number, action: Action): void => {
    open++;
    setTimeout(() => {
      void perform(action).finally(() => open--);
    }, at);
  };
  for (const [webhook, { state }] of webhooks.entries()) {
    if (state === 'pending') later(0, { do: 'create', webhook });
  }
  for (const step of steps) later(step.at, step);

  let quietSince: number | undefined;
  for (let timers = 0; timers < MAX_TIMERS && time.now() < START + HORIZON_MS; timers++) {
    if (open === 0 && cloud.isQuiet()) {
      quietSince ??= time.now();
      if (time.now() - quietSince > QUIET_MS) return true;
      // Without it, time would jump to the timers of pollers that wait for weeks.
      setTimeout(() => undefined, HEARTBEAT_MS);
    } else quietSince = undefined;
    await time.step();
  }
  return false;
}

async function collect(stack: Stack, cloud: VirtualCloud, settled: boolean): Promise<Remains> {
  const scan = async (TableName: string | undefined): Promise<Item[]> => {
    const context: CallContext = { principal: 'observer', useUnits: () => undefined };
    const { Items } = await cloud.dynamodb.call('Scan', { TableName }, context);
    return Array.isArray(Items) ? Items.map((item: Json) => unmarshall(asAttributes(item))) : [];
  };
  const items = [
    ...(await scan(stack.outputs.WebhooksTableName)),
    ...(await scan(stack.outputs.DeliveriesTableName)),
  ];
  const withSortKey = (start: string): Item[] => items.filter(({ sk }) => String(sk).startsWith(start));
  const names = Object.keys(stack.outputs).filter((name) => name.endsWith('QueueUrl'));
  const bodies = (url: string): string[] =>
    cloud.engine.receive({ queueUrl: url, max: 10_000 }).map(({ message }) => message.body);
  return {
    webhooks: withSortKey('WEBHOOK#'),
    events: withSortKey('EVENT'),
    records: withSortKey('DELIVERY#'),
    queues: Object.fromEntries(
      names.map((name) => [name.replace(/QueueUrl$/, ''), bodies(stack.outputs[name] ?? '')]),
    ),
    settled,
  };
}
