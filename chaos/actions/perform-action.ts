import type { CloudAccess } from '../cloud-access.ts';
import { queueUrl } from '../cloud-access.ts';
import type { History } from '../history.ts';
import type { Scenario } from '../scenario.ts';
import { webhookIdOf } from '../starting-state.ts';
import { createApiClient } from './api-client.ts';
import { createApiRequester } from './api-requests.ts';
import { createLink, loadConsole } from './console.ts';
import { corruptWebhook } from './corrupt-webhook.ts';
import { publish, publishInvalid } from './publish.ts';
import { redriveExhausted } from './redrive.ts';
import { createRepeater } from './repeats.ts';
import { rotateSecret } from './rotate.ts';
import { type LaneName, UNREADABLE_BODIES, type UserAction } from './user-action.ts';

/** The name of each lane's queue in the stack's outputs. */
const QUEUE_NAMES: Readonly<Record<LaneName, string>> = {
  first: 'First',
  retry1: 'Retry1',
  later: 'Later',
  slow: 'Slow',
};

export interface ActionDependencies {
  readonly scenario: Scenario;
  readonly cloud: CloudAccess;
  readonly history: History;
  /** API keys, by account. */
  readonly keys: readonly string[];
}

/** Performs the user actions of one run. */
export function createActionPerformer(deps: ActionDependencies): (action: UserAction) => Promise<void> {
  const { scenario, cloud, history, keys } = deps;
  /** Webhook ids, by the index in the scenario; undefined until the customer has created the webhook. */
  const webhookIds = scenario.webhooks.map(({ state }, index) =>
    state === 'pending' ? undefined : webhookIdOf(index),
  );
  const call = createApiClient(cloud, keys);
  const requestApi = createApiRequester({
    scenario,
    webhookIds,
    history,
    call,
    addressOf: cloud.addressOf,
  });
  /** Undefined: the webhook does not exist yet. */
  const find = (webhook: number) => {
    const account = scenario.webhooks[webhook]?.account;
    const id = webhookIds[webhook];
    return account === undefined || id === undefined ? undefined : { account, id };
  };
  const repeat = createRepeater({ cloud, history, call, find });

  return async (action) => {
    switch (action.do) {
      case 'publish':
        return publish(cloud, action);
      case 'publish_invalid':
        return publishInvalid(cloud, action.account);
      case 'rotate': {
        const found = find(action.webhook);
        return found && rotateSecret({ history, call }, found, action);
      }
      case 'resend':
      case 'recover':
      case 'stop_recovery':
        return repeat(action);
      case 'redrive':
        return redriveExhausted(cloud, history, QUEUE_NAMES[action.to]);
      case 'poison': {
        const message = { body: UNREADABLE_BODIES[action.as], senderId: 'another program' };
        cloud.engine.send(queueUrl(cloud, QUEUE_NAMES[action.queue]), message);
        return;
      }
      case 'break_item':
      case 'break_secret': {
        const { do: corruption, webhook } = action;
        const found = find(webhook);
        if (found === undefined) return;
        history.add({ kind: 'acted', action: corruption, webhook, webhookId: found.id });
        return corruptWebhook(cloud, corruption, found.account, found.id);
      }
      case 'create_link':
        return createLink({ cloud, history }, action.account);
      case 'load_console':
        return loadConsole({ cloud, history });
      default:
        return requestApi(action.do, action.webhook);
    }
  };
}
