import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { escapeNonAscii } from '../lambdas/shared/domain/ascii-json.ts';
import { eventIdFromBus, parseAccountId, parseEventId } from '../lambdas/shared/domain/ids.ts';
import { catalogueFile, type PublishableType, readCatalogue } from '../local/catalogue.ts';
import { parseArguments } from '../local/options.ts';
import { runCommand, type Warn } from './command.ts';
import { findTarget, requireOutput, TARGET_USAGE, type Target } from './target.ts';

const USAGE = `Publishes a domain event, as the product does, and prints its id.

npm run publish-event -- <type> ['<json data>'] [options]
  Without data the catalogue's example of the type is sent.
  --account <id>  the account of the event; default: the local cloud's account
  --id <id>       the id of the event; default: derived from the bus's event id
  --source <name> EventBridge source; default: publish-event
${TARGET_USAGE}`;

async function publishEvent(args: readonly string[], warn: Warn): Promise<string> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      id: { type: 'string' },
      source: { type: 'string', default: 'publish-event' },
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
  const target = await findTarget(values);
  const known = await findType(type, { target, mayBeUnknown: data !== undefined, warn });
  const busEventId = await putEvent(target, {
    type,
    source: values.source,
    detail: { account_id: readAccount(values.account, target), id: values.id },
    data: data ?? JSON.stringify(known?.example),
  });
  return values.id ?? eventIdFromBus(busEventId) ?? busEventId;
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

function readAccount(text: string | undefined, target: Target): string {
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
