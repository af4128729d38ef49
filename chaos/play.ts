import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parseAccountId, parseWebhookId } from '../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../lambdas/shared/domain/webhook.ts';
import { createApiKeyStore } from '../lambdas/shared/store/api-keys.ts';
import { createKeyring } from '../lambdas/shared/store/keyring.ts';
import { createWebhookStore } from '../lambdas/shared/store/webhooks.ts';
import type { Stack } from '../local/assembly/stack.ts';
import type { CallContext, Json } from '../local/calls.ts';
import { accountName, createApiClient } from './api-client.ts';
import { createCloud, type VirtualCloud } from './cloud.ts';
import { createHistory, type History, type Item, type Remains } from './history.ts';
import type { FunctionCode } from './load-functions.ts';
import { crowdUrl, urlOf } from './network.ts';
import { asAttributes } from './observed-dynamodb.ts';
import { ACCOUNTS, type Scenario, type Step } from './scenario.ts';
import { seedRandomness } from './seeded-random.ts';
import { START, startVirtualTime, type VirtualTime } from './virtual-time.ts';

/** The longest that a queue keeps anything: what still moves then never ends. */
const HORIZON_MS = 14 * 86_400_000;
/** Longer than Lambda waits before it runs a failed event again. */
const QUIET_MS = 200_000;
const HEARTBEAT_MS = 50_000;
const RANDOM_SEED = 1;
/** A webhook's signing secret; the same for all, so that the checks can verify signatures. */
export const SECRET = 'a secret of 27 characters..';

export interface Played {
  readonly history: History;
  readonly remains: Remains;
  /** Ids of the scenario's webhooks; undefined: its creation was never answered. */
  readonly webhookIds: readonly (string | undefined)[];
}

export interface Stage {
  readonly stack: Stack;
  readonly code: FunctionCode;
}

/** Plays a scenario from its start to the point where nothing moves any more. The same one plays the same. */
export async function play(scenario: Scenario, { stack, code }: Stage): Promise<Played> {
  const unseed = seedRandomness(RANDOM_SEED);
  const time = startVirtualTime();
  const history = createHistory();
  let cloud: VirtualCloud | undefined;
  try {
    cloud = await createCloud({ stack, code, scenario, time, history });
    const actors = await setUp(scenario, stack, cloud, history);
    const settled = await run(scenario, stack, cloud, time, history, actors);
    const remains = await collect(stack, cloud, settled);
    return { history, remains, webhookIds: actors.webhookIds };
  } finally {
    time.stop();
    unseed();
    await cloud?.dynamodb.close();
  }
}

interface Actors {
  readonly webhookIds: (string | undefined)[];
  readonly keys: string[];
  readonly versions: number[];
}

async function setUp(scenario: Scenario, stack: Stack, cloud: VirtualCloud, history: History): Promise<Actors> {
  const tableName = stack.outputs.WebhooksTableName ?? '';
  const dynamodb = cloud.client('dynamodb');
  const keyring = createKeyring({
    dynamodb,
    kms: cloud.client('kms'),
    tableName,
    kmsKeyId: stack.keys[0]?.arn ?? '',
  });
  const store = createWebhookStore({ dynamodb, tableName });
  const createdAt = new Date(START - 86_400_000).toISOString();
  const add = async (id: string, account: number, change: Partial<Webhook>, sealedFor = id): Promise<void> => {
    const owner = { accountId: known(parseAccountId(accountName(account))), webhookId: known(parseWebhookId(sealedFor)) };
    await store.create({
      id: known(parseWebhookId(id)),
      accountId: owner.accountId,
      url: '',
      events: ['*'],
      status: 'active',
      verified: true,
      secrets: [await keyring.seal(SECRET, owner, createdAt)],
      createdAt,
      updatedAt: createdAt,
      ...change,
    });
  };

  const keys: string[] = [];
  if (needsApi(scenario)) {
    const apiKeys = createApiKeyStore({ dynamodb, tableName });
    for (let account = 0; account < ACCOUNTS; account++) {
      const { key } = await apiKeys.create(known(parseAccountId(accountName(account))), 'chaos', START);
      keys.push(key);
    }
  }
  const webhookIds: (string | undefined)[] = [];
  for (const [index, spec] of scenario.webhooks.entries()) {
    const id = `wh_${index}`;
    webhookIds.push(spec.state === 'pending' ? undefined : id);
    if (spec.state === 'pending') continue;
    const change: Partial<Webhook> = {
      url: urlOf(index),
      events: [spec.events],
      status: spec.state === 'disabled' ? 'disabled' : 'active',
      ...(spec.markedSlow ? { slowSince: createdAt } : {}),
    };
    await add(id, spec.account, change, spec.state === 'sealed_elsewhere' ? `${id}_other` : id);
    if (spec.state === 'unreadable') await breakItem(cloud, stack, spec.account, id);
  }
  for (let member = 0; member < scenario.crowd; member++) {
    await add(`wh_c${member}`, 0, { url: crowdUrl(member) });
  }
  history.lines.length = 0;
  return { webhookIds, keys, versions: scenario.webhooks.map(() => 0) };
}

function needsApi({ webhooks, steps }: Scenario): boolean {
  return webhooks.some(({ state }) => state === 'pending') || steps.some((step) => API_STEPS.has(step.do));
}

const API_STEPS: ReadonlySet<string> = new Set(['disable', 'enable', 'delete', 'repoint', 'verify', 'test']);

async function run(
  scenario: Scenario,
  stack: Stack,
  cloud: VirtualCloud,
  time: VirtualTime,
  history: History,
  actors: Actors,
): Promise<boolean> {
  const perform = createPerformer(scenario, stack, cloud, history, actors);
  let open = 0;
  const later = (at: number, act: () => Promise<unknown>): void => {
    open++;
    setTimeout(() => void act().finally(() => open--), at);
  };
  for (const [index, { state }] of scenario.webhooks.entries()) {
    if (state === 'pending') later(0, () => perform({ do: 'create', webhook: index, at: 0 }));
  }
  for (const step of scenario.steps) later(step.at, () => perform(step));

  let quietSince: number | undefined;
  while (time.now() < START + HORIZON_MS) {
    if (open === 0 && cloud.isQuiet()) {
      quietSince ??= time.now();
      if (time.now() - quietSince > QUIET_MS) return true;
      setTimeout(() => undefined, HEARTBEAT_MS);
    } else quietSince = undefined;
    await time.step();
  }
  return false;
}

type Action = Step | { readonly do: 'create'; readonly webhook: number; readonly at: number };

/** Does what people, publishers and accidents do. */
function createPerformer(scenario: Scenario, stack: Stack, cloud: VirtualCloud, history: History, actors: Actors) {
  const call = createApiClient(cloud, actors.keys);
  const say = (text: string): void => {
    history.lines.push({ at: Date.now(), text });
  };

  const publish = async (account: number, type: string, detail: object): Promise<void> => {
    await cloud.client('events').send(
      command('PutEvents', {
        Entries: [
          {
            EventBusName: stack.outputs.EventBusName,
            Source: 'shop',
            DetailType: type,
            Detail: JSON.stringify({ account_id: accountName(account), ...detail }),
          },
        ],
      }),
    );
  };

  const change = async (name: string, webhook: number): Promise<void> => {
    const spec = scenario.webhooks[webhook];
    if (spec === undefined) return;
    const known = actors.webhookIds[webhook];
    if (name === 'create') {
      const json = { url: urlOf(webhook), events: [spec.events], secret: SECRET };
      const { status, body } = await call(spec.account, 'POST /v1/webhooks', '', json);
      say(`the customer creates webhook ${webhook}: ${status ?? 'no answer'}`);
      if (status === 201) actors.webhookIds[webhook] = String(body.id);
      return;
    }
    if (known === undefined) return;
    if (name === 'repoint') actors.versions[webhook] = (actors.versions[webhook] ?? 0) + 1;
    const answer = await ask(name, spec.account, known, webhook);
    say(`the customer asks to ${name} webhook ${webhook} (${known}): ${answer.status ?? 'no answer'}`);
  };

  const ask = (name: string, account: number, id: string, webhook: number) => {
    const one = '/v1/webhooks/{webhook_id}';
    switch (name) {
      case 'disable':
        return call(account, `PATCH ${one}`, id, { status: 'disabled' });
      case 'enable':
        return call(account, `PATCH ${one}`, id, { status: 'active' });
      case 'delete':
        return call(account, `DELETE ${one}`, id);
      case 'repoint':
        return call(account, `PATCH ${one}`, id, { url: urlOf(webhook, actors.versions[webhook]) });
      case 'verify':
        return call(account, `POST ${one}/verify`, id);
      default:
        return call(account, 'POST /v1/webhooks/test', '', { webhook_id: id, event_type: 'file.uploaded' });
    }
  };

  const damage = async (what: 'break_item' | 'break_secret', webhook: number): Promise<void> => {
    const id = actors.webhookIds[webhook];
    const account = scenario.webhooks[webhook]?.account ?? 0;
    if (id === undefined) return;
    say(`somebody does ${what} to webhook ${webhook}`);
    if (what === 'break_item') await breakItem(cloud, stack, account, id);
    else await breakSecret(cloud, stack, account, id);
  };

  return async (action: Action): Promise<void> => {
    switch (action.do) {
      case 'publish': {
        const { account, event, type, body } = action;
        await publish(account, type, { id: `evt_${event}`, data: { body } });
        return;
      }
      case 'publish_invalid':
        await publish(action.account, 'nobody.knows', { id: 'evt_invalid', data: {} });
        return;
      case 'break_item':
      case 'break_secret':
        return damage(action.do, action.webhook);
      case 'redrive':
        return redrive(cloud, history, action.to);
      case 'poison':
        cloud.engine.send(cloud.queueUrl(QUEUE_OUTPUTS[action.queue]), { body: POISON[action.as], senderId: 'nobody' });
        return;
      default:
        return change(action.do, action.webhook);
    }
  };
}

const QUEUE_OUTPUTS = { first: 'First', retry1: 'Retry1', slow: 'Slow' } as const;
const POISON = { text: 'poison', 'other version': '{"v":0}', 'missing field': '{"v":1}' } as const;

async function redrive(cloud: VirtualCloud, history: History, to: keyof typeof QUEUE_OUTPUTS): Promise<void> {
  const { engine } = cloud;
  const source = known(engine.queueByUrl(cloud.queueUrl('Exhausted')));
  const target = cloud.queueUrl(QUEUE_OUTPUTS[to]);
  for (;;) {
    const [received] = engine.receive({ queueUrl: source.url, max: 1 });
    if (received === undefined) return;
    engine.deleteMessage(source.url, received.receiptHandle);
    const { body, groupId } = received.message;
    const deliveryId = String(JSON.parse(body).delivery_id);
    history.redriven.push({ at: Date.now(), deliveryId });
    history.lines.push({ at: Date.now(), text: `somebody redrives ${deliveryId} to ${to}` });
    engine.send(target, { body, senderId: 'operator', ...(groupId === undefined ? {} : { groupId }) });
  }
}

/** Past every store, as an accident would: the item stays, but is no whole webhook any more. */
async function breakItem(cloud: VirtualCloud, stack: Stack, account: number, id: string): Promise<void> {
  await updateRaw(cloud, stack, account, id, 'SET #events = :value', { '#events': 'events' }, { N: '1' });
}

async function breakSecret(cloud: VirtualCloud, stack: Stack, account: number, id: string): Promise<void> {
  const names = { '#secrets': 'secrets', '#sealed': 'sealed' };
  const garbage = Buffer.alloc(48).toString('base64');
  await updateRaw(cloud, stack, account, id, 'SET #secrets[0].#sealed = :value', names, { S: garbage });
}

async function updateRaw(
  cloud: VirtualCloud,
  stack: Stack,
  account: number,
  id: string,
  UpdateExpression: string,
  names: Record<string, string>,
  value: Json,
): Promise<void> {
  const update = command('UpdateItem', {
    TableName: stack.outputs.WebhooksTableName,
    Key: { pk: { S: `ACCOUNT#${accountName(account)}` }, sk: { S: `WEBHOOK#${id}` } },
    UpdateExpression,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':value': value },
  });
  // It may be gone by now.
  await cloud
    .client('dynamodb')
    .send(update)
    .catch(() => undefined);
}

/** An SDK command as the in-process client reads it. */
function command(name: string, input: Json): object {
  return { constructor: { name: `${name}Command` }, input };
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
  const bodies = (url: string): string[] =>
    cloud.engine.receive({ queueUrl: url, max: 10_000 }).map(({ message }) => message.body);
  return {
    webhooks: withSortKey('WEBHOOK#'),
    events: withSortKey('EVENT'),
    records: withSortKey('DELIVERY#'),
    queues: Object.fromEntries(
      ['Exhausted', 'Poison', 'Undispatched', 'Parked', 'First', 'Slow'].map((name) => [
        name,
        bodies(cloud.queueUrl(name)),
      ]),
    ),
    settled,
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the scenario names something that is not there');
  return value;
}
