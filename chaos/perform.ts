import { webhookIdOf } from './actors.ts';
import { type ApiAnswer, accountName, createApiClient } from './api-client.ts';
import { command } from './commands.ts';
import { urlOf } from './customers.ts';
import { breakItem, breakSecret } from './damage.ts';
import type { History } from './history.ts';
import { type Playground, queueUrl } from './playground.ts';
import type { Scenario, Step } from './scenario.ts';
import { secretOf } from './secrets.ts';

/** A webhook whose customer creates it is there from the start, as far as the scenario goes. */
export type Action = Step | { readonly do: 'create'; readonly webhook: number };

const QUEUE_OUTPUTS = { first: 'First', retry1: 'Retry1', slow: 'Slow' } as const;
const POISON = { text: 'poison', 'other version': '{"v":0}', 'missing field': '{"v":1}' } as const;
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

/** Does what publishers, customers, operators and accidents do. */
export function createPerformer(performing: Performing): (action: Action) => Promise<void> {
  const { scenario, playground, history } = performing;
  const call = createApiClient(playground, performing.keys);
  const ids = scenario.webhooks.map(({ state }, index) =>
    state === 'pending' ? undefined : webhookIdOf(index),
  );
  const versions = scenario.webhooks.map(() => 0);
  const say = (text: string): void => {
    history.lines.push({ at: Date.now(), text });
  };

  const publish = async (account: number, type: string, detail: object): Promise<void> => {
    const entry = {
      EventBusName: playground.outputs.EventBusName,
      Source: 'shop',
      DetailType: type,
      Detail: JSON.stringify({ account_id: accountName(account), ...detail }),
    };
    await playground.client('events').send(command('PutEvents', { Entries: [entry] }));
  };

  const ask = (name: Action['do'], account: number, id: string, webhook: number): Promise<ApiAnswer> => {
    switch (name) {
      case 'disable':
        return call(account, `PATCH ${ONE}`, id, { status: 'disabled' });
      case 'enable':
        return call(account, `PATCH ${ONE}`, id, { status: 'active' });
      case 'delete':
        return call(account, `DELETE ${ONE}`, id);
      case 'repoint': {
        const version = (versions[webhook] ?? 0) + 1;
        versions[webhook] = version;
        return call(account, `PATCH ${ONE}`, id, { url: playground.addressOf(urlOf(webhook, version)) });
      }
      case 'repoint_again': {
        const url = playground.addressOf(urlOf(webhook, versions[webhook]));
        return call(account, `PATCH ${ONE}`, id, { url });
      }
      case 'verify':
        return call(account, `POST ${ONE}/verify`, id);
      default:
        return call(account, 'POST /v1/webhooks/test', '', { webhook_id: id, event_type: 'file.uploaded' });
    }
  };

  const create = async (webhook: number): Promise<void> => {
    const spec = scenario.webhooks[webhook];
    if (spec === undefined) return;
    const url = urlOf(webhook);
    const json = {
      url: playground.addressOf(url),
      events: spec.events.split(','),
      secret: secretOf(url),
    };
    const { status, body } = await call(spec.account, 'POST /v1/webhooks', '', json);
    say(`the customer creates webhook ${webhook}: ${status ?? 'no answer'}`);
    if (status === 201) ids[webhook] = String(body.id);
  };

  const onWebhook = async (name: Action['do'], webhook: number): Promise<void> => {
    const [spec, id] = [scenario.webhooks[webhook], ids[webhook]];
    if (spec === undefined || id === undefined) return;
    if (name === 'break_item' || name === 'break_secret') {
      say(`somebody does ${name} to webhook ${webhook} (${id})`);
      return (name === 'break_item' ? breakItem : breakSecret)(playground, spec.account, id);
    }
    const { status, body } = await ask(name, spec.account, id, webhook);
    if (name === 'test' && status === 202) history.tested.add(String(body.event_id));
    say(
      `the customer asks to ${name} webhook ${webhook} (${id}): ${status ?? 'no answer'} ${body.detail ?? ''}`,
    );
  };

  return async (action) => {
    switch (action.do) {
      case 'publish':
        return publish(action.account, action.type, {
          id: `evt_${action.event}`,
          data: { body: action.body, ...(action.body === 2 ? { text: LONG_TEXT } : {}) },
        });
      case 'publish_invalid':
        return publish(action.account, 'nobody.knows', { id: 'evt_invalid', data: {} });
      case 'redrive':
        return redrive(playground, history, queueUrl(playground, QUEUE_OUTPUTS[action.to]));
      case 'poison': {
        const message = { body: POISON[action.as], senderId: 'nobody' };
        playground.engine.send(queueUrl(playground, QUEUE_OUTPUTS[action.queue]), message);
        return;
      }
      case 'create':
        return create(action.webhook);
      default:
        return onWebhook(action.do, action.webhook);
    }
  };
}

/** As SQS's own redrive does it: each message becomes a new one on the target. */
async function redrive(playground: Playground, history: History, target: string): Promise<void> {
  const { engine } = playground;
  const source = queueUrl(playground, 'Exhausted');
  for (;;) {
    const [received] = engine.receive({ queueUrl: source, max: 1 });
    if (received === undefined) return;
    engine.deleteMessage(source, received.receiptHandle);
    const { body, groupId } = received.message;
    const deliveryId = String(JSON.parse(body).delivery_id);
    history.redriven.push({ at: Date.now(), deliveryId });
    history.lines.push({ at: Date.now(), text: `somebody redrives ${deliveryId} to ${target}` });
    engine.send(target, { body, senderId: 'operator', ...(groupId === undefined ? {} : { groupId }) });
  }
}
