import { setTimeout as sleep } from 'node:timers/promises';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { readFinalState } from '../final-state.ts';
import { createHistory, type Fact, type Item } from '../history.ts';
import type { Played } from '../play.ts';
import { type Playground, queueUrl } from '../playground.ts';
import type { Scenario } from '../scenario.ts';
import type { Secrets } from '../secrets.ts';
import { startActions } from '../start-actions.ts';
import { addWebhooks, createApiKeys } from '../starting-state.ts';
import { createPerformer } from '../user-actions.ts';
import type { LiveStage } from './assembly.ts';
import { toLiveFault } from './faults.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { observeWrites, watch } from './watch.ts';

/** Nothing moved for so long: it is over. */
const QUIET_MS = 2_000;
const LOOK_EVERY_MS = 100;
const GIVE_UP_AFTER_MS = 120_000;

/** The functions of the stack as the scenario's actions name them. */
const FUNCTIONS: Readonly<Record<string, string>> = { 'serve-api': 'ServeApi' };

/**
 * Plays a scenario on the local cloud: the shipped bundles in threads of their own, over sockets, in real time.
 * Two plays of one scenario differ in what meets what.
 */
export async function playLive(scenario: Scenario, stage: Omit<LiveStage, 'remove'>): Promise<Played> {
  const history = createHistory(Date.now());
  const receiver = await startReceiver(scenario, history);
  const faults = scenario.faults.flatMap((fault) => toLiveFault(fault) ?? []);
  let cloud: Cloud | undefined;
  try {
    cloud = await createCloud({
      assemblyDirectory: stage.assemblyDirectory,
      maximumEnvironments: scenario.environments,
      ...watch(history, faults),
    });
    cloud.calls.use(observeWrites(cloud, history));
    const playground = toPlayground(cloud, receiver);
    await addWebhooks(scenario, playground, secretsOf(cloud));
    const keys = await createApiKeys(scenario, playground);
    const running = cloud;
    const timers = faults.map(({ afterMs, fault }) => setTimeout(() => running.faults.add(fault), afterMs));
    const openActions = startActions(scenario, createPerformer({ scenario, playground, history, keys }));
    const settled = await settle(running, () => openActions() === 0);
    for (const timer of timers) clearTimeout(timer);
    const finalState = await readFinalState(playground, settled);
    const { retryDelaysMs, followUpMarginMs } = stage;
    return withUrls({ history, finalState, retryDelaysMs, followUpMarginMs }, receiver);
  } finally {
    await cloud?.close();
    await receiver.close();
  }
}

function toPlayground(cloud: Cloud, receiver: Receiver): Playground {
  return {
    engine: cloud.queues,
    outputs: cloud.outputs,
    client: (service) => createInProcessClient(cloud.calls, ADMINISTRATOR, service),
    fn: (name) => cloud.findFunction(FUNCTIONS[name] ?? name),
    addressOf: receiver.addressOf,
  };
}

/** Sealed with the cloud's own key; the keyring itself puts its data key into the table. */
function secretsOf(cloud: Cloud): Secrets {
  const keyring = createKeyring({
    tableName: cloud.outputs.WebhooksTableName ?? '',
    kmsKeyId: cloud.findFunction('ServeApi').settings.environment.KMS_KEY_ID ?? '',
    kms: createInProcessClient(cloud.calls, ADMINISTRATOR, 'kms'),
    dynamodb: createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb'),
  });
  return { items: [], seal: (secret, owner, createdAt) => keyring.seal(secret, owner, createdAt) };
}

/** Whether everything ended in time. */
async function settle(cloud: Cloud, actionsAreDone: () => boolean): Promise<boolean> {
  const lanes = ['First', 'Retry1', 'Retry2', 'Retry3', 'Slow', 'Events'].map(
    (name) => cloud.queues.queueByUrl(queueUrl(cloud, name))?.arn ?? '',
  );
  const isQuiet = (): boolean =>
    actionsAreDone() &&
    lanes.every((arn) => cloud.queues.nextDueAt(arn) === undefined) &&
    cloud.functions.every((fn) => fn.environments().every(({ busy }) => !busy));
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  let quietSince: number | undefined;
  while (Date.now() < giveUpAt) {
    quietSince = isQuiet() ? (quietSince ?? Date.now()) : undefined;
    if (quietSince !== undefined && Date.now() - quietSince >= QUIET_MS) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}

/** The checks identify customers by the URLs of the scenario. */
function withUrls({ history, finalState, ...rest }: Played, { urlOf }: Receiver): Played {
  const translate = <Row extends Item | undefined>(item: Row): Row =>
    item && {
      ...item,
      ...Object.fromEntries(
        ['url', 'pending_url']
          .filter((name) => name in item)
          .map((name) => [name, urlOf(String(item[name]))]),
      ),
    };
  const translateFact = (fact: Fact): Fact =>
    fact.kind === 'webhook_written' ? { ...fact, item: translate(fact.item) } : fact;
  return {
    ...rest,
    history: { ...history, facts: history.facts.map(translateFact) },
    finalState: { ...finalState, webhooks: finalState.webhooks.map(translate) },
  };
}
