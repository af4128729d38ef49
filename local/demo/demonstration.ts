import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Catalogue } from '../../lambdas/shared/domain/catalogue.ts';
import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import { generateSecret } from '../../lambdas/shared/wire/sign.ts';
import { type Received, type Receiver, startReceiver } from '../receiver/receiver.ts';
import { createCustomer } from './customer.ts';
import type { Printer } from './printer.ts';

const QUICK = { path: '/quick', eventType: 'ppt.generation.completed' };
const FLAKY = { path: '/flaky', eventType: 'file.uploaded' };
/** The flaky endpoint's third attempt succeeds. */
const FAILURES = 2;
const LABEL_WIDTH = 10;
/** The slowest step takes 6 s of waiting and a cold start. */
const DEADLINE_MS = 60_000;

export interface DemonstrationDependencies {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly accountId: string;
  readonly eventBusName: string;
  readonly events: EventBridgeClient;
  readonly catalogue: Catalogue;
  readonly retryDelaysSeconds: readonly number[];
  readonly printer: Printer;
  readonly clock: Clock;
}

/** The receiver that stays for what the visitor does next, and its webhooks' secret. */
export interface Demonstrated {
  readonly receiver: Receiver;
  readonly secret: string;
}

/** Shows an event delivered, and another delivered in spite of an endpoint that fails twice. */
export async function demonstrate(deps: DemonstrationDependencies): Promise<Demonstrated> {
  const { printer, accountId } = deps;
  const customer = createCustomer(deps.apiUrl, deps.apiKey);
  const say = (label: string, what: string): void => printer.happened(`${label.padEnd(LABEL_WIDTH)}${what}`);

  let onEvent: (received: Received) => void = () => {};
  const secret = generateSecret();
  const receiver = await startReceiver({
    secret,
    clock: deps.clock,
    statusOf: (path, attempt) => (path === FLAKY.path && attempt <= FAILURES ? 500 : 200),
    onReceived(received) {
      say('receiver', describe(received, deps.retryDelaysSeconds));
      onEvent(received);
    },
  });

  for (const { path, eventType } of [QUICK, FLAKY]) {
    const { id } = await customer.createWebhook({ url: receiver.url + path, events: [eventType], secret });
    say('customer', `registered ${id} for ${eventType} at ${path}`);
    const { status } = await withinDeadline(customer.untilVerified(id), `${id} to be verified`);
    say('customer', `${id} is ${status}`);
  }
  for (const { path, eventType } of [QUICK, FLAKY]) {
    const accepted = new Promise<void>((resolve) => {
      onEvent = (received) => {
        if (received.path === path && received.status === 200) resolve();
      };
    });
    const note = path === FLAKY.path ? `, whose endpoint fails ${FAILURES} times` : '';
    say('publisher', `PutEvents ${eventType} for ${accountId}${note}`);
    await putEvent(deps, eventType);
    await withinDeadline(accepted, `${eventType} to arrive at ${path}`);
  }
  return { receiver, secret };
}

function describe(received: Received, retryDelaysSeconds: readonly number[]): string {
  const { path, eventType, attempt, signatureValid, status } = received;
  const signature = signatureValid ? 'signature valid' : 'SIGNATURE INVALID';
  const delay = retryDelaysSeconds[attempt - 1];
  const next = status === 200 ? '' : delay === undefined ? ', given up' : `, tried again in ${delay} s`;
  return `${path} got ${eventType}, attempt ${attempt}, ${signature}: answered ${status}${next}`;
}

async function withinDeadline<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const decided = new AbortController();
  const late = sleep(DEADLINE_MS, decided.signal).then((): never => {
    throw new Error(`waited ${DEADLINE_MS / 1000} s for ${what}; start again with --verbose to see why not`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    decided.abort();
  }
}

async function putEvent(deps: DemonstrationDependencies, eventType: string): Promise<void> {
  const example = deps.catalogue.find(({ name }) => name === eventType)?.example ?? {};
  const entry = {
    EventBusName: deps.eventBusName,
    Source: 'demonstration',
    DetailType: eventType,
    Detail: JSON.stringify({ account_id: deps.accountId, data: example }),
  };
  const { FailedEntryCount, Entries } = await deps.events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount !== 0) throw new Error(`PutEvents was refused: ${JSON.stringify(Entries)}`);
}
