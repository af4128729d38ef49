import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { eventIdFromBus, parseAccountId, parseEventId } from '../lambdas/shared/domain/ids.ts';
import { runCommand } from './command.ts';
import { findTarget, requireOutput, TARGET_USAGE, type Target } from './target.ts';

const USAGE = `Publishes a domain event, as the product would, and prints its id.

npm run publish-event -- <type> ['<json data>'] [options]
  Without data the catalogue's example of the type is sent.
  --account <id>  whose event it is; default: the local cloud's account
  --id <id>       the event's id; default: made from the bus's own
  --source <name> EventBridge source; default: publish-event
${TARGET_USAGE}`;

/** The operator's own catalogue is named as it is for the deployment. */
const CATALOGUE =
  process.env.WEBHOOK_FANOUT_EVENT_CATALOGUE ||
  fileURLToPath(new URL('../event-types.json', import.meta.url));

const Catalogue = z.array(z.object({ name: z.string(), example: z.unknown() }));

async function publishEvent(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
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
  const eventData = data === undefined ? await exampleOf(type) : parseData(data);
  if (values.id !== undefined && parseEventId(values.id) === undefined) {
    throw new Error(`--id must be 1-64 characters of A-Z a-z 0-9 _ -, got "${values.id}"`);
  }
  const target = await findTarget(values);
  const busEventId = await putEvent(target, {
    type,
    source: values.source,
    detail: { account_id: readAccount(values.account, target), id: values.id, data: eventData },
  });
  return values.id ?? eventIdFromBus(busEventId) ?? busEventId;
}

async function putEvent(
  target: Target,
  event: { type: string; source: string; detail: Record<string, unknown> },
): Promise<string> {
  const events = new EventBridgeClient(target.clientSettings);
  const entry = {
    EventBusName: requireOutput(target, 'EventBusName'),
    Source: event.source,
    DetailType: event.type,
    Detail: JSON.stringify(event.detail),
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
  if (text === undefined) throw new Error('say whose event it is: --account <id>');
  throw new Error(`--account must be 1-64 characters of A-Z a-z 0-9 _ -, got "${text}"`);
}

function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`the data must be JSON, such as '{"ppt_id":"ppt_1"}', got ${text}`, { cause });
  }
}

async function exampleOf(type: string): Promise<unknown> {
  const catalogue = Catalogue.parse(JSON.parse(await readFile(CATALOGUE, 'utf8')));
  const found = catalogue.find(({ name }) => name === type);
  if (found !== undefined) return found.example;
  const names = catalogue.map(({ name }) => name).join(', ');
  throw new Error(`"${type}" is not in the catalogue; give its data, or use one of ${names}`);
}

await runCommand(publishEvent);
