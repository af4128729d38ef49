import fc from 'fast-check';
import { decodeItem } from '../../lambdas/shared/store/items.ts';
import { parseApiKeyKey } from '../../lambdas/shared/store/keys.ts';
import { parseWebhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { openApiDocument } from '../serve-api/contract.ts';
import { plantAccounts } from './accounts.ts';
import { createAnswerRules } from './answer-rules.ts';
import { type Deployment, deployInProcess } from './deployment.ts';
import { fuzzRequests } from './requests.ts';

export interface FuzzReport {
  /** What fast-check says of the first answer that was not right, with the seed; undefined when all were. */
  readonly failure: string | undefined;
  /** How often each call gave each status, such as `createWebhook 201`. */
  readonly answers: ReadonlyMap<string, number>;
  readonly isVictimUntouched: boolean;
  /** Items of the webhooks table that are no whole thing of a known kind. */
  readonly strayItems: readonly unknown[];
  /** Messages and events that name the victim. */
  readonly aboutVictim: readonly string[];
  /** What the function itself calls a failure. */
  readonly failuresLogged: readonly string[];
  readonly secretsLogged: readonly string[];
  readonly pollutions: readonly string[];
}

/** So many requests, one after the other, to an API of its own. The same seed sends the same ones. */
export async function fuzzApi(settings: { requests: number; seed?: number }): Promise<FuzzReport> {
  const builtIns = describeBuiltIns();
  const deployment = await deployInProcess();
  try {
    const document = openApiDocument();
    const rules = createAnswerRules(document);
    const accounts = await plantAccounts(deployment);
    const answers = new Map<string, number>();

    const details = await fc.check(
      fc.asyncProperty(fuzzRequests(document), async (request) => {
        const [sent, expected] = accounts.prepare(request);
        const answer = await deployment.send(sent);
        await accounts.follow(sent, answer);

        const outcome = `${rules.operationOf(sent)?.operationId ?? 'other'} ${answer.status}`;
        answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
        const faults = rules.faultsOf(sent, answer, expected);
        if (faults.length > 0)
          throw new Error(`${outcome}: ${faults.join('; ')}: ${answer.text.slice(0, 2_000)}`);
      }),
      { numRuns: settings.requests, ...(settings.seed === undefined ? {} : { seed: settings.seed }) },
    );

    const written = [
      ...deployment.queued(),
      ...(await deployment.items('deliveries')).map((item) => JSON.stringify(item)),
    ];
    return {
      failure: details.failed ? fc.defaultReportMessage(details) : undefined,
      answers,
      isVictimUntouched: await accounts.victim.isUntouched(),
      strayItems: await findStrayItems(deployment),
      aboutVictim: written.filter((text) => text.includes(accounts.victim.name)),
      failuresLogged: deployment.failures,
      secretsLogged: accounts.secrets.filter((secret) => deployment.logLines.join().includes(secret)),
      pollutions: describeBuiltIns().filter((line) => !builtIns.includes(line)),
    };
  } finally {
    await deployment.close();
  }
}

async function findStrayItems(deployment: Deployment): Promise<unknown[]> {
  const items = (await deployment.items('webhooks')).map((item) => decodeItem(Object(item)));
  return items.filter((item) => {
    const isCounter = /^ACCOUNT#\w+$/.test(String(item.pk)) && /^RATE#\w+$/.test(String(item.sk));
    const isDataKey = item.pk === 'KEYRING' && item.sk === 'DATAKEY#1';
    return (
      parseWebhookItem(item) === undefined && parseApiKeyKey(item) === undefined && !isCounter && !isDataKey
    );
  });
}

/** What every object of the process inherits. */
function describeBuiltIns(): string[] {
  return [Object, Array, Function, String, Number, Map, Promise, RegExp].flatMap(({ name, prototype }) =>
    Reflect.ownKeys(prototype).map((key) => `${name}.prototype.${String(key)}`),
  );
}
