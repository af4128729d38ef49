import { setTimeout as sleep } from 'node:timers/promises';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createActionPerformer } from '../actions/perform-action.ts';
import { scheduleActions } from '../actions/schedule-actions.ts';
import { type CloudAccess, queueUrl } from '../cloud-access.ts';
import { readFinalState } from '../final-state.ts';
import { createHistory, type Fact, type Item } from '../history.ts';
import { openSecrets } from '../open-secrets.ts';
import { REAL_TIME_LIMITS } from '../run-limits.ts';
import type { RunResult } from '../run-scenario.ts';
import type { Scenario } from '../scenario.ts';
import type { Secrets } from '../secrets.ts';
import { addWebhooks, createApiKeys } from '../starting-state.ts';
import type { LiveSetup } from './live-setup.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { observeWrites, recordHistory } from './record-history.ts';

const { maxDurationMs, idleUntilEndMs } = REAL_TIME_LIMITS;
const POLL_INTERVAL_MS = 100;

/** The queues that functions receive from, by the names of their outputs. A run ends when they are empty. */
const WORK_QUEUES = ['First', 'Retry1', 'Retry2', 'Retry3', 'Later', 'Slow', 'Events', 'Recoveries'] as const;

/** The logical names of functions that actions use by another name. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  'create-portal-link': 'CreatePortalLink',
  'serve-api': 'ServeApi',
  'serve-console': 'ServeConsole',
};

/**
 * Runs a scenario on the local cloud: the deployed bundles in threads, over sockets, in real time. Two runs of one
 * scenario differ in their timing.
 */
export async function runLiveScenario(
  scenario: Scenario,
  setup: Omit<LiveSetup, 'remove'>,
): Promise<RunResult> {
  const history = createHistory(Date.now());
  const receiver = await startReceiver(scenario, history);
  let cloud: Cloud | undefined;
  try {
    cloud = await createCloud({
      assemblyDirectory: setup.assemblyDirectory,
      maximumEnvironments: scenario.environments,
      ...recordHistory(history, scenario.faults),
    });
    cloud.calls.use(observeWrites(cloud, history));
    const access = accessTo(cloud, receiver);
    const secrets = secretsOf(cloud);
    await addWebhooks(scenario, access, secrets);
    const keys = await createApiKeys(scenario, access);
    for (const fault of scenario.faults) cloud.faults.add(fault);
    const perform = createActionPerformer({ scenario, cloud: access, history, keys });
    const unfinishedActions = scheduleActions(scenario, perform);
    const settled = await waitUntilIdle(cloud, () => unfinishedActions() === 0);
    const finalState = await readFinalState(access, settled);
    const { retryDelaysMs, followUpMarginMs } = setup;
    const secretTexts = await openSecrets(history, secrets);
    return withScenarioUrls({ history, finalState, secretTexts, retryDelaysMs, followUpMarginMs }, receiver);
  } finally {
    await cloud?.close();
    await receiver.close();
  }
}

function accessTo(cloud: Cloud, receiver: Receiver): CloudAccess {
  return {
    engine: cloud.queues,
    outputs: cloud.outputs,
    client: (service) => createInProcessClient(cloud.calls, ADMINISTRATOR, service),
    fn: (name) => cloud.findFunction(FUNCTIONS[name] ?? name),
    addressOf: receiver.addressOf,
  };
}

/** Encrypts with the cloud's own key. The keyring itself writes its data key to the table. */
function secretsOf(cloud: Cloud): Secrets {
  const keyring = createKeyring({
    tableName: cloud.outputs.WebhooksTableName ?? '',
    kmsKeyId: cloud.findFunction('ServeApi').settings.environment.KMS_KEY_ID ?? '',
    kms: createInProcessClient(cloud.calls, ADMINISTRATOR, 'kms'),
    dynamodb: createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb'),
  });
  return { items: [], seal: keyring.seal, open: keyring.open };
}

/** Returns whether all work ended before the time limit. */
async function waitUntilIdle(cloud: Cloud, actionsAreDone: () => boolean): Promise<boolean> {
  const queueArns = WORK_QUEUES.map((name) => cloud.queues.queueByUrl(queueUrl(cloud, name))?.arn ?? '');
  const isIdle = (): boolean =>
    actionsAreDone() &&
    queueArns.every((arn) => cloud.queues.nextDueAt(arn) === undefined) &&
    cloud.functions.every((fn) => fn.environments().every(({ busy }) => !busy));
  const endsAt = Date.now() + maxDurationMs;
  let idleSince: number | undefined;
  while (Date.now() < endsAt) {
    idleSince = isIdle() ? (idleSince ?? Date.now()) : undefined;
    if (idleSince !== undefined && Date.now() - idleSince >= idleUntilEndMs) return true;
    await sleep(POLL_INTERVAL_MS);
  }
  return false;
}

/** Replaces real addresses by the scenario's URLs, by which the checks identify webhooks. */
function withScenarioUrls({ history, finalState, ...rest }: RunResult, { urlOf }: Receiver): RunResult {
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
