import { type ApiAnswer, accountName, createApiClient } from './api-client.ts';
import { command } from './commands.ts';
import { urlOf } from './customers.ts';
import { breakItem, breakSecret } from './damage.ts';
import type { History } from './history.ts';
import { type Playground, queueUrl } from './playground.ts';
import { type CustomerRequest, NARROW_TYPE, type Scenario, type UserAction } from './scenario.ts';
import { secretOf } from './secrets.ts';
import { webhookIdOf } from './starting-state.ts';

const QUEUE_OUTPUTS = { first: 'First', retry1: 'Retry1', slow: 'Slow' } as const;
/** Messages that no lane can read. */
export const UNREADABLE_BODIES = {
  text: 'poison',
  'other version': '{"v":1}',
  'missing field': '{"v":2}',
} as const;
const ONE = '/v1/webhooks/{webhook_id}';
/** Several of them fill a batch, and the store compresses it. */
const LONG_TEXT = 'a long story. '.repeat(15_000);

export interface Performing {
  readonly scenario: Scenario;
  readonly playground: Playground;
  readonly history: History;
  /** API keys, by account. */
  readonly keys: readonly string[];
}

/** Does what publishers, customers, operators and other programs do. */
export function createPerformer(performing: Performing): (action: UserAction) => Promise<void> {
  const { scenario, playground, history } = performing;
  const call = createApiClient(playground, performing.keys);
  const ids = scenario.webhooks.map(({ state }, index) =>
    state === 'pending' ? undefined : webhookIdOf(index),
  );
  const versions = scenario.webhooks.map(() => 0);

  const publish = async (account: number, type: string, detail: object): Promise<void> => {
    const entry = {
      EventBusName: playground.outputs.EventBusName,
      Source: 'shop',
      DetailType: type,
      Detail: JSON.stringify({ account_id: accountName(account), ...detail }),
    };
    await playground.client('events').send(command('PutEvents', { Entries: [entry] }));
  };

  const create = (account: number, webhook: number): Promise<ApiAnswer> => {
    const url = urlOf(webhook);
    const events = scenario.webhooks[webhook]?.events.split(',');
    const json = { url: playground.addressOf(url), events, secret: secretOf(url) };
    return call(account, 'POST /v1/webhooks', '', json);
  };

  const repoint = (account: number, id: string, webhook: number, version: number): Promise<ApiAnswer> =>
    call(account, `PATCH ${ONE}`, id, { url: playground.addressOf(urlOf(webhook, version)) });

  const ask = (
    request: Exclude<CustomerRequest, 'create'>,
    account: number,
    id: string,
    webhook: number,
  ): Promise<ApiAnswer> => {
    switch (request) {
      case 'disable':
        return call(account, `PATCH ${ONE}`, id, { status: 'disabled' });
      case 'enable':
        return call(account, `PATCH ${ONE}`, id, { status: 'active' });
      case 'delete':
        return call(account, `DELETE ${ONE}`, id);
      case 'repoint':
        versions[webhook] = (versions[webhook] ?? 0) + 1;
        return repoint(account, id, webhook, versions[webhook]);
      case 'repoint_again':
        return repoint(account, id, webhook, versions[webhook] ?? 0);
      case 'repoint_back':
        return repoint(account, id, webhook, 0);
      case 'narrow':
        return call(account, `PATCH ${ONE}`, id, { events: [NARROW_TYPE] });
      case 'widen':
        return call(account, `PATCH ${ONE}`, id, { events: ['*'] });
      case 'verify':
        return call(account, `POST ${ONE}/verify`, id);
      case 'test':
        return call(account, 'POST /v1/webhooks/test', '', { webhook_id: id, event_type: 'file.uploaded' });
    }
  };

  const request = async (what: CustomerRequest, webhook: number): Promise<void> => {
    const account = scenario.webhooks[webhook]?.account;
    const id = ids[webhook];
    if (account === undefined || (id === undefined && what !== 'create')) return;
    const { status, body } =
      id === undefined || what === 'create'
        ? await create(account, webhook)
        : await ask(what, account, id, webhook);
    if (what === 'create' && status === 201) ids[webhook] = String(body.id);
    const webhookId = ids[webhook];
    history.add({
      kind: 'acted',
      action: what,
      webhook,
      ...(webhookId === undefined ? {} : { webhookId }),
      ...(status === undefined ? {} : { status }),
      ...(body.detail === undefined ? {} : { detail: String(body.detail) }),
      ...(what === 'test' && status === 202 ? { eventId: String(body.event_id) } : {}),
    });
  };

  const damage = async (what: 'break_item' | 'break_secret', webhook: number): Promise<void> => {
    const account = scenario.webhooks[webhook]?.account;
    const webhookId = ids[webhook];
    if (account === undefined || webhookId === undefined) return;
    history.add({ kind: 'acted', action: what, webhook, webhookId });
    await (what === 'break_item' ? breakItem : breakSecret)(playground, account, webhookId);
  };

  return async (action) => {
    switch (action.do) {
      case 'publish':
        return publish(action.account, action.type, {
          id: `evt_${action.event}`,
          data: { body: action.body, ...(action.body === 2 ? { text: LONG_TEXT } : {}) },
        });
      case 'publish_invalid':
        return publish(action.account, 'unknown.type', { id: 'evt_invalid', data: {} });
      case 'redrive':
        return redrive(playground, history, QUEUE_OUTPUTS[action.to]);
      case 'poison': {
        const message = { body: UNREADABLE_BODIES[action.as], senderId: 'another program' };
        playground.engine.send(queueUrl(playground, QUEUE_OUTPUTS[action.queue]), message);
        return;
      }
      case 'break_item':
      case 'break_secret':
        return damage(action.do, action.webhook);
      default:
        return request(action.do, action.webhook);
    }
  };
}

/** As SQS's own redrive does it: each message becomes a new one on the target. */
async function redrive(playground: Playground, history: History, to: string): Promise<void> {
  const { engine } = playground;
  const source = queueUrl(playground, 'Exhausted');
  for (;;) {
    const [received] = engine.receive({ queueUrl: source, max: 1 });
    if (received === undefined) return;
    engine.deleteMessage(source, received.receiptHandle);
    const { body, groupId } = received.message;
    history.add({ kind: 'redriven', deliveryId: String(JSON.parse(body).delivery_id), to });
    engine.send(queueUrl(playground, to), {
      body,
      senderId: 'operator',
      ...(groupId === undefined ? {} : { groupId }),
    });
  }
}
