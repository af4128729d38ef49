import fc from 'fast-check';
import { decodeItem } from '../../lambdas/shared/store/items.ts';
import { parseApiKeyKey } from '../../lambdas/shared/store/keys.ts';
import { parseListenerItem } from '../../lambdas/shared/store/listener-item.ts';
import { parseWebhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { openApiDocument } from '../serve-api/support/open-api-contract.ts';
import { createFuzzAccounts } from './accounts.ts';
import { createAnswerRules, type FuzzAnswer, type SentRequest } from './answer-rules.ts';
import { type Deployment, deployInProcess } from './deployment.ts';
import { ALLOWED_ORIGIN } from './hostile-http.ts';
import { fuzzRequests } from './requests.ts';

export interface FuzzReport {
  /** fast-check's report on the first answer that violates a rule, with the seed; undefined when there is none. */
  readonly failure: string | undefined;
  /** The number of answers by call and status, such as `createWebhook 201` or `getWebhook 200 by an encoded path`. */
  readonly answers: ReadonlyMap<string, number>;
  readonly isVictimUnchanged: boolean;
  /** Items of the webhooks table that none of the stores can read. */
  readonly unreadableItems: readonly unknown[];
  /** Messages and events that contain the victim's account id. */
  readonly withVictimId: readonly string[];
  /** Log lines of failures on our side. */
  readonly failuresLogged: readonly string[];
  readonly secretsLogged: readonly string[];
  /** Members that were added to the prototypes of JavaScript. */
  readonly addedBuiltIns: readonly string[];
}

/** Sends random requests to the API, one after the other. The same seed creates the same requests. */
export async function fuzzApi(settings: { requests: number; seed?: number }): Promise<FuzzReport> {
  const builtIns = describeBuiltIns();
  const deployment = await deployInProcess();
  try {
    const document = openApiDocument();
    const rules = createAnswerRules(document, [ALLOWED_ORIGIN]);
    const accounts = await createFuzzAccounts(deployment);
    const itemsBefore = (await deployment.items('deliveries')).map((item) => JSON.stringify(item));
    const answers = new Map<string, number>();

    const details = await fc.check(
      fc.asyncProperty(fuzzRequests(document), async (request) => {
        const [sent, expected] = accounts.prepare(request);
        const answer = await deployment.send(sent);
        await accounts.follow(sent, answer);

        const isEncoded = answer.status < 400 && /^[^?]*%/.test(sent.target);
        const outcome = `${rules.operationOf(sent)?.operationId ?? 'other'} ${answer.status}${isEncoded ? ' by an encoded path' : ''}`;
        answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
        const violations = [
          ...rules.violationsOf(sent, answer, expected),
          ...(await allowHeaderViolations(sent, answer, async (request) => {
            const tried = await deployment.send(request);
            await accounts.follow(request, tried);
            return tried;
          })),
        ];
        if (violations.length > 0)
          throw new Error(`${outcome}: ${violations.join('; ')}: ${answer.text.slice(0, 2_000)}`);
      }),
      {
        numRuns: settings.requests,
        includeErrorInReport: true,
        ...(settings.seed === undefined ? {} : { seed: settings.seed }),
      },
    );

    const written = [
      ...deployment.queued(),
      ...(await deployment.items('deliveries')).map((item) => JSON.stringify(item)),
    ].filter((text) => !itemsBefore.includes(text));
    return {
      failure: details.failed ? fc.defaultReportMessage(details) : undefined,
      answers,
      isVictimUnchanged: await accounts.victim.isUnchanged(),
      unreadableItems: await findUnreadableItems(deployment),
      withVictimId: written.filter((text) => text.includes(accounts.victim.name)),
      failuresLogged: deployment.failures,
      secretsLogged: accounts.secrets.filter((secret) => deployment.logLines.join().includes(secret)),
      addedBuiltIns: describeBuiltIns().filter((line) => !builtIns.includes(line)),
    };
  } finally {
    await deployment.close();
  }
}

/** Every method in the `Allow` header of a 405 must work for the same path. */
async function allowHeaderViolations(
  request: SentRequest,
  { status, headers }: FuzzAnswer,
  send: (request: SentRequest) => Promise<FuzzAnswer>,
): Promise<string[]> {
  if (status !== 405) return [];
  const refused: string[] = [];
  for (const method of (headers.allow ?? '').split(', ')) {
    const answer = await send({ ...request, method });
    if (answer.status === 405 || answer.text.includes('no call has this path')) refused.push(method);
  }
  return refused.map((method) => `it allows ${method}, which does not work for this path`);
}

async function findUnreadableItems(deployment: Deployment): Promise<unknown[]> {
  const items = (await deployment.items('webhooks')).map((item) => decodeItem(Object(item)));
  return items.filter((item) => {
    const isCounter = /^ACCOUNT#\w+$/.test(String(item.pk)) && /^RATE#\w+$/.test(String(item.sk));
    const isVersion = /^ACCOUNT#\w+$/.test(String(item.pk)) && item.sk === 'VERSION';
    const isDataKey = item.pk === 'KEYRING' && item.sk === 'DATAKEY#1';
    const parsed = parseWebhookItem(item) ?? parseListenerItem(item) ?? parseApiKeyKey(item);
    return parsed === undefined && !isCounter && !isVersion && !isDataKey;
  });
}

/** The members of the prototypes from which the objects of this process inherit. */
function describeBuiltIns(): string[] {
  return [Object, Array, Function, String, Number, Map, Promise, RegExp].flatMap(({ name, prototype }) =>
    Reflect.ownKeys(prototype).map((key) => `${name}.prototype.${String(key)}`),
  );
}
