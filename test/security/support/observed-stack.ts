import { randomBytes } from 'node:crypto';
import { httpAnswer, type RawServer, startRawServer } from '../../../fixtures/raw-server.ts';
import {
  ADMINISTRATOR,
  AwsError,
  type Interceptor,
  type Json,
  type ServiceName,
} from '../../../local/aws-calls.ts';
import { type Journey, startJourney } from '../../journeys/support/journey.ts';
import { createRecorder, type Recorder } from './find-leaks.ts';

export interface ShownSecret {
  readonly secret: string;
  /** The texts of all answers of the API. */
  readonly answers: readonly string[];
}

interface ApiCall {
  readonly key?: string;
  readonly body?: unknown;
  /** Default: made from `key` and `body`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Selects calls. `text` is the call's input in JSON. */
type Match = (call: { readonly action: string; readonly text: string }) => boolean;

/** A running stack. Everything that leaves it is recorded. */
export interface ObservedStack {
  readonly journey: Journey;
  readonly recorder: Recorder;
  /** The texts that must not leave the stack, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly shown: readonly ShownSecret[];
  /** Adds a text to the secrets. Returns it. */
  keep(name: string, secret: string): string;
  /** The API key of a new account. */
  newAccount(accountId: string): Promise<string>;
  api(method: string, path: string, call?: ApiCall): Promise<{ status: number; body: Json }>;
  /** Calls an AWS service with the credentials of the operator. */
  admin(service: ServiceName, action: string, input: Json): Promise<Json>;
  /** The URL of the queue whose name contains `part`. */
  queueUrl(part: string): string;
  /** A TCP server of a customer. It answers challenges by default. */
  startEndpoint(
    answer?: (request: string) => string,
    options?: { readonly answersChallenges: boolean },
  ): Promise<RawServer>;
  /** Fails the selected calls, as in an outage. The returned function ends the outage. */
  startOutage(match: Match): () => void;
  /** Records the tables, the logs and the outgoing requests, then closes the stack. */
  finish(): Promise<void>;
}

/** Causes a sequence of calls and messages, and waits for its end. */
export type Scenario = (stack: ObservedStack) => Promise<void>;

const FUNCTIONS = ['DispatchEvent', 'FirstLane', 'RetryLane', 'SlowLane', 'ServeApi'];

export async function startObservedStack(): Promise<ObservedStack> {
  const recorder = createRecorder();
  const secrets = new Map<string, string>();
  const shown: ShownSecret[] = [];
  const answers: string[] = [];
  const endpoints: RawServer[] = [];
  const keep = (name: string, secret: string): string => {
    secrets.set(`${name} (${secrets.size})`, secret);
    return secret;
  };
  const journey = await startJourney({
    onLogLine: (name, line) => recorder.record('log lines', name, line),
    onProblem: (problem) => recorder.record('log lines', 'a problem', problem),
  });
  const { cloud } = journey;
  const outages = new Set<Match>();
  cloud.calls.use(failCalls(outages));
  cloud.calls.use(withoutDelays);
  cloud.calls.use(observeCalls(recorder, keep));

  const admin = (service: ServiceName, action: string, input: Json): Promise<Json> =>
    cloud.calls.call({ principal: ADMINISTRATOR, service, action, input });

  return {
    journey,
    recorder,
    secrets,
    shown,
    keep,
    admin,
    newAccount: async (accountId) => keep('an API key', await journey.newAccount(accountId)),
    async api(method, path, { key, body, headers } = {}) {
      const response = await fetch(cloud.apiUrl + path, {
        method,
        headers: headers ?? { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      answers.push(text);
      const json: Json = text === '' ? {} : JSON.parse(text);
      let recordedText = text;
      if (response.ok && typeof json.secret === 'string') {
        const { secret } = json;
        if (![...secrets.values()].includes(secret)) keep('a generated secret', secret);
        shown.push({ secret, answers });
        recordedText = text.replace(JSON.stringify(secret), '"…"');
      }
      recorder.record('API answers', `${method} ${path}: ${response.status}`, [
        recordedText,
        [...response.headers],
      ]);
      return { status: response.status, body: json };
    },
    queueUrl(part) {
      const found = cloud.queues.queues().find(({ name }) => name.includes(part));
      if (found === undefined) throw new Error(`no queue has ${part} in its name`);
      return found.url;
    },
    async startEndpoint(answer = () => httpAnswer(200), { answersChallenges } = { answersChallenges: true }) {
      const endpoint = await startRawServer((socket, request) => {
        const challenge = answersChallenges ? challengeIn(request) : undefined;
        socket.write(
          challenge === undefined ? answer(request) : httpAnswer(200, JSON.stringify({ challenge })),
        );
      });
      endpoints.push(endpoint);
      return endpoint;
    },
    startOutage(match) {
      outages.add(match);
      return () => outages.delete(match);
    },
    async finish() {
      for (const name of ['WebhooksTableName', 'DeliveriesTableName']) {
        const { Items = [] } = await admin('dynamodb', 'Scan', { TableName: cloud.outputs[name] });
        for (const item of Array.isArray(Items) ? Items : []) recorder.record('stored items', name, item);
      }
      for (const name of FUNCTIONS) {
        for (const line of cloud.logs(name)) recorder.record('log lines', name, line);
      }
      for (const endpoint of endpoints) {
        recorder.record(
          'outgoing requests',
          `port ${endpoint.port}`,
          Buffer.from(endpoint.received(), 'latin1'),
        );
        await endpoint.close();
      }
      await journey.close();
    },
  };
}

/**
 * A secret of printable ASCII characters that differ in every encoding. Its fixed characters are apart, so that no two
 * secrets have a long part in common.
 */
export function ownSecret(): string {
  const random = (): string => randomBytes(6).toString('base64');
  return `"${random()}" \\ ${random()}100% ${random()}<&>/+${random()}`;
}

/** Removes the delays of retries. */
const withoutDelays: Interceptor = (call, next) => {
  const { Entries } = call.input;
  if (call.action !== 'SendMessageBatch' || !Array.isArray(Entries)) return next();
  return next({ ...call.input, Entries: Entries.map((entry) => ({ ...entry, DelaySeconds: 0 })) });
};

function failCalls(outages: ReadonlySet<Match>): Interceptor {
  return async ({ action, input }, next) => {
    const text = outages.size === 0 ? '' : JSON.stringify(input);
    if ([...outages].some((match) => match({ action, text }))) {
      throw new AwsError({ code: 'InternalServerError', message: 'down', status: 500 });
    }
    return next();
  };
}

function observeCalls(recorder: Recorder, keep: ObservedStack['keep']): Interceptor {
  return async (call, next) => {
    const what = `${call.service}:${call.action} by ${call.principal}`;
    recorder.record('AWS calls', what, call.input);
    if (call.service === 'sqs' && call.action.startsWith('SendMessage')) {
      const { QueueUrl, Entries = [call.input] } = call.input;
      for (const entry of Array.isArray(Entries) ? Entries : [])
        recorder.record('queue messages', `${QueueUrl}`, entry);
    }
    if (call.service === 'events') recorder.record('system events', what, call.input);
    const output = await next();
    // Only KMS may return the data key.
    if (typeof output.Plaintext === 'string') keep('a data key', `whsec_${output.Plaintext}`);
    else recorder.record('AWS calls', `the answer to ${what}`, output);
    return output;
  };
}

function challengeIn(request: string): unknown {
  if (!/^x-webhook-event: webhook\.verification\r$/im.test(request)) return undefined;
  return JSON.parse(request.slice(request.indexOf('\r\n\r\n'))).data.challenge;
}
