import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { escapeNonAscii } from '../lambdas/shared/domain/ascii-json.ts';
import {
  type AccountId,
  eventIdFromBus,
  parseAccountId,
  parseEventId,
} from '../lambdas/shared/domain/ids.ts';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { catalogueFile, type PublishableType, readCatalogue } from '../local/catalogue.ts';
import { parseArguments } from '../local/options.ts';
import { runCommand, type Warn } from './command.ts';
import { type EventEnd, followEvent, type Outcome, type PublishedEvent } from './follow-event.ts';
import { findTarget, requireOutput, TARGET_USAGE, type Target } from './target.ts';

const USAGE = `Publishes a domain event, as the product does, and prints its id.

npm run publish-event -- <type> ['<json data>'] [options]
  Without data the catalogue's example of the type is sent.
  --account <id>  the account of the event; default: the local cloud's account
  --id <id>       the id of the event; default: derived from the bus's event id
  --source <name> EventBridge source; default: publish-event
  --wait          follows the event until its end is known, and prints it
  --timeout <s>   with --wait: the longest time in seconds, 1 to 86400; default: 120
  --json          prints one JSON object
${TARGET_USAGE}
Exit status with --wait: 0 delivered to every webhook that it matched; 2 a delivery was exhausted, canceled or held;
3 unmatched (no webhook of the account wants it); 4 refused (it is on the undispatched queue); 5 not known in time.
1 is an error of the command itself, with or without --wait.
docs/publishing.md describes what --wait reads, and which permissions it needs on AWS.`;

const EXIT_STATUS: Readonly<Record<Outcome, number>> = {
  delivered: 0,
  not_delivered: 2,
  unmatched: 3,
  refused: 4,
  timeout: 5,
};

const MAX_TIMEOUT_SECONDS = 86_400;

async function publishEvent(args: readonly string[], warn: Warn): Promise<string> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      id: { type: 'string' },
      source: { type: 'string', default: 'publish-event' },
      wait: { type: 'boolean', default: false },
      timeout: { type: 'string' },
      json: { type: 'boolean', default: false },
      port: { type: 'string' },
      stack: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return USAGE;
  const [type, data, ...rest] = positionals;
  if (type === undefined || rest.length > 0) {
    throw new Error(`expected <type> ['<json data>'], got ${positionals.length} arguments; see --help`);
  }
  if (data !== undefined) checkData(data);
  if (values.id !== undefined && parseEventId(values.id) === undefined) {
    throw new Error(`--id must be 1-64 characters of A-Z a-z 0-9 _ -, got "${values.id}"`);
  }
  const timeoutMs = readTimeout(values);
  const target = await findTarget(values);
  const known = await findType(type, { target, mayBeUnknown: data !== undefined, warn });
  const accountId = readAccount(values.account, target);
  const dataText = data ?? JSON.stringify(known?.example);
  const busEventId = await putEvent(target, {
    type,
    source: values.source,
    detail: { account_id: accountId, id: values.id },
    data: dataText,
  });
  const eventId = parseEventId(values.id) ?? eventIdFromBus(busEventId);
  if (eventId === undefined) throw new Error(`the bus returned "${busEventId}", which is not an event id`);
  const event = { accountId, eventId, busEventId, type, data: dataText };
  if (!values.wait) return values.json ? toJson(event) : eventId;
  // Progress is for people only: standard error of a script has errors and warnings.
  const onProgress = process.stderr.isTTY ? warn : () => undefined;
  onProgress(`published ${eventId} for ${accountId}`);
  const end = await follow(target, event, { timeoutMs, onProgress });
  process.exitCode = EXIT_STATUS[end.outcome];
  return values.json ? toJson(event, end) : describeEnd(event, end);
}

function readTimeout({ wait, timeout = '120' }: { wait: boolean; timeout?: string }): number {
  if (!wait && timeout !== '120') throw new Error('--timeout needs --wait');
  const seconds = Number(timeout);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1_000;
  throw new Error(
    `--timeout must be a whole number of seconds from 1 to ${MAX_TIMEOUT_SECONDS}, got "${timeout}"`,
  );
}

async function follow(
  target: Target,
  event: PublishedEvent,
  options: { readonly timeoutMs: number; readonly onProgress: (line: string) => void },
): Promise<EventEnd> {
  const dynamodb = new DynamoDBClient(target.clientSettings);
  const sqs = new SQSClient(target.clientSettings);
  try {
    return await followEvent(
      {
        ...options,
        dynamodb,
        sqs,
        clock: systemClock,
        webhooksTable: requireOutput(target, 'WebhooksTableName'),
        deliveriesTable: requireOutput(target, 'DeliveriesTableName'),
        undispatchedQueueUrl: requireOutput(target, 'UndispatchedQueueUrl'),
        eventsQueueUrl: requireOutput(target, 'EventsQueueUrl'),
      },
      event,
    );
  } finally {
    dynamodb.destroy();
    sqs.destroy();
  }
}

const WORDS: Readonly<Record<Outcome, string>> = {
  delivered: 'delivered to every webhook that it matched',
  not_delivered: 'not delivered to every webhook that it matched',
  unmatched: 'unmatched: it is not delivered to any webhook',
  refused: 'refused: it is on the undispatched queue',
  timeout: 'its end is not known yet',
};

function describeEnd({ eventId }: PublishedEvent, { outcome, reason, deliveries }: EventEnd): string {
  const lines = deliveries.map(({ webhookId, deliveryId, status, attempts, reason: why }) => {
    const count = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    return ['', webhookId, deliveryId, status, count, ...(why === undefined ? [] : [why])].join('  ');
  });
  const what = reason === undefined ? WORDS[outcome] : `${WORDS[outcome]} (${reason})`;
  return [eventId, what, ...lines].map(printable).join('\n');
}

/** Customers' endpoints choose parts of these texts. Control characters would change the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

function toJson({ eventId, busEventId, accountId, type }: PublishedEvent, end?: EventEnd): string {
  return JSON.stringify({
    event_id: eventId,
    bus_event_id: busEventId,
    account_id: accountId,
    event_type: type,
    outcome: end?.outcome ?? 'published',
    ...(end?.reason === undefined ? {} : { reason: end.reason }),
    ...(end === undefined
      ? {}
      : {
          deliveries: end.deliveries.map(({ webhookId, deliveryId, ...rest }) => ({
            webhook_id: webhookId,
            delivery_id: deliveryId,
            ...rest,
          })),
        }),
  });
}

interface NewEvent {
  readonly type: string;
  readonly source: string;
  readonly detail: Record<string, unknown>;
  /** JSON text. It is not parsed before publishing, so that no number loses digits. */
  readonly data: string;
}

async function putEvent(target: Target, event: NewEvent): Promise<string> {
  const detail = `${JSON.stringify(event.detail).slice(0, -1)},"data":${event.data}}`;
  const events = new EventBridgeClient(target.clientSettings);
  const entry = {
    EventBusName: requireOutput(target, 'EventBusName'),
    Source: event.source,
    DetailType: event.type,
    // In ASCII: SQS refuses a message with U+FFFE or U+FFFF, so the bus could not deliver the event.
    Detail: escapeNonAscii(detail),
  };
  const { Entries: [result] = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  events.destroy();
  if (result?.EventId !== undefined) return result.EventId;
  throw new Error(
    `the bus refused the event: ${result?.ErrorCode ?? 'no reason given'} ${result?.ErrorMessage ?? ''}`,
  );
}

function readAccount(text: string | undefined, target: Target): AccountId {
  const accountId = parseAccountId(text ?? target.accountId);
  if (accountId !== undefined) return accountId;
  if (text === undefined) throw new Error('--account <id> is missing: the account of the event');
  throw new Error(`--account must be 1-64 characters of A-Z a-z 0-9 _ -, got "${text}"`);
}

function checkData(text: string): void {
  const data = parseJson(text);
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return;
  throw new Error(`the data must be a JSON object, such as '{"user_id":"user_1"}', got ${text}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface TypeSearch {
  readonly target: Target;
  /** True when the event has its own data, and needs no example from the catalogue. */
  readonly mayBeUnknown: boolean;
  readonly warn: Warn;
}

/**
 * The type's entry in the catalogue. Throws when the target's catalogue does not have the type.
 *
 * The catalogue of a stack on AWS is not known. The file that WEBHOOK_FANOUT_EVENT_CATALOGUE names, or else this
 * project's catalogue, is read instead, and a type that it does not have causes only a warning.
 */
async function findType(type: string, search: TypeSearch): Promise<PublishableType | undefined> {
  const { target, mayBeUnknown, warn } = search;
  const file = target.catalogueFile ?? catalogueFile(process.env.WEBHOOK_FANOUT_EVENT_CATALOGUE);
  const catalogue = await readCatalogue(file);
  const found = catalogue.find(({ name }) => name === type);
  if (found !== undefined) return found;
  const missing = `"${type}" is not in the catalogue ${file}`;
  const names = catalogue.map(({ name }) => name).join(', ');
  if (target.catalogueFile !== undefined) throw new Error(`${missing}; use one of ${names}`);
  if (!mayBeUnknown) throw new Error(`${missing}; give its data, or use one of ${names}`);
  warn(
    `${missing}; if the stack's catalogue does not have it either, the event is sent to the undispatched queue`,
  );
  return undefined;
}

await runCommand(publishEvent);
