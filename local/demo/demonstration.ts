import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import { generateSecret } from '../../lambdas/shared/signing/sign.ts';
import type { PublishableType } from '../catalogue.ts';
import { type Received, type Receiver, SECRET_PATH, startReceiver } from '../receiver/receiver.ts';
import type { ChosenTypes } from './choose-types.ts';
import type { Customer } from './customer.ts';
import type { Printer } from './printer.ts';

const QUICK_PATH = '/quick';
const FLAKY_PATH = '/flaky';
/** The flaky endpoint's third attempt succeeds. */
const FAILURES = 2;
/** Printed for a request whose signature cannot be verified. */
const UNKNOWN_SECRET = `signed with an unknown secret (PUT it to ${SECRET_PATH}, then verify the webhook again)`;
/** The slowest step waits for 6 s of retry delays and a cold start. */
export const STEP_DEADLINE_MS = 60_000;

export interface DemonstrationDependencies {
  readonly customer: Customer;
  readonly accountId: string;
  readonly eventBusName: string;
  readonly events: EventBridgeClient;
  readonly types: ChosenTypes;
  readonly retryDelaysSeconds: readonly number[];
  readonly printer: Printer;
  readonly clock: Clock;
  /** Limit for each step. Default: `STEP_DEADLINE_MS`. */
  readonly stepDeadlineMs?: number;
}

/** The receiver, which keeps running, and its secret. */
export interface DemonstrationResult {
  readonly receiver: Receiver;
  readonly secret: string;
}

/** Delivers an event, and a second event to an endpoint whose first two responses are errors. */
export async function deliverExamples(deps: DemonstrationDependencies): Promise<DemonstrationResult> {
  const { customer, printer, accountId } = deps;
  const withinDeadline = <Value>(promise: Promise<Value>, what: string): Promise<Value> =>
    rejectWhenLate(promise, what, deps.stepDeadlineMs ?? STEP_DEADLINE_MS);

  let onEvent: (received: Received) => void = () => {};
  const secret = generateSecret();
  const receiver = await startReceiver({
    secret,
    clock: deps.clock,
    statusOf: (path, attempt) => (path === FLAKY_PATH && attempt <= FAILURES ? 500 : 200),
    onReceived(received) {
      printer.event('receiver', describe(received, deps.retryDelaysSeconds));
      onEvent(received);
    },
  });

  for (const round of roundsOf(deps.types)) {
    for (const { path, type } of round) {
      const { id } = await customer.createWebhook({ url: receiver.url + path, events: [type.name], secret });
      printer.event('customer', `registered ${id} for ${type.name} at ${path}`);
      const { status } = await withinDeadline(customer.untilVerified(id), `${id} to be verified`);
      printer.event('customer', `${id} is ${status}`);
    }
    for (const { path, type } of round) {
      const accepted = new Promise<void>((resolve) => {
        onEvent = (received) => {
          if (received.path === path && received.status === 200) resolve();
        };
      });
      const note = path === FLAKY_PATH ? `, whose endpoint fails ${FAILURES} times` : '';
      printer.event('publisher', `PutEvents ${type.name} for ${accountId}${note}`);
      await putEvent(deps, type);
      await withinDeadline(accepted, `${type.name} to arrive at ${path}`);
    }
  }
  return { receiver, secret };
}

interface Step {
  readonly path: string;
  readonly type: PublishableType;
}

/** With a single type there are two rounds, so that the flaky endpoint is registered after the first event and receives only the second. */
function roundsOf({ quick, flaky }: ChosenTypes): Step[][] {
  const first = { path: QUICK_PATH, type: quick };
  const second = { path: FLAKY_PATH, type: flaky };
  return quick === flaky ? [[first], [second]] : [[first, second]];
}

function describe(received: Received, retryDelaysSeconds: readonly number[]): string {
  const { path, eventType, attempt, signatureValid, status } = received;
  const signature = signatureValid ? 'signature valid' : UNKNOWN_SECRET;
  const delay = retryDelaysSeconds[attempt - 1];
  const next =
    status === 200 ? '' : delay === undefined ? ', no further attempt' : `, next attempt in ${delay} s`;
  return `${path} got ${eventType}, attempt ${attempt}, ${signature}: answered ${status}${next}`;
}

async function rejectWhenLate<Value>(
  promise: Promise<Value>,
  what: string,
  deadlineMs: number,
): Promise<Value> {
  const decided = new AbortController();
  const late = sleep(deadlineMs, decided.signal).then((): never => {
    throw new Error(
      `waited ${deadlineMs / 1000} s for ${what}; start again with --verbose to see the functions' logs`,
    );
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    decided.abort();
  }
}

async function putEvent(deps: DemonstrationDependencies, type: PublishableType): Promise<void> {
  const entry = {
    EventBusName: deps.eventBusName,
    Source: 'demonstration',
    DetailType: type.name,
    Detail: JSON.stringify({ account_id: deps.accountId, data: type.example }),
  };
  const { FailedEntryCount, Entries } = await deps.events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount !== 0) throw new Error(`PutEvents failed: ${JSON.stringify(Entries)}`);
}
