import { InvalidArgumentError } from '@commander-js/extra-typings';
import { eventIdFromBus } from '../../lambdas/shared/domain/ids.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { findType } from '../events/find-type.ts';
import { type EventEnd, followEvent, type Outcome, type PublishedEvent } from '../events/follow-event.ts';
import { putEvent } from '../events/put-event.ts';
import { sendEvent } from '../events/send-event.ts';
import { accountOf } from '../shared/account.ts';
import { withDynamoDb, withSqs } from '../shared/clients.ts';
import { accountOption, eventIdOption, wholeNumber } from '../shared/options.ts';
import { findTarget, requireOutput, type Target } from '../shared/target.ts';
import { plural, printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

const EPILOGUE = `
Exit status with --wait: 0 delivered to every webhook that it matched; 2 a delivery was exhausted, canceled or held;
3 unmatched (no webhook of the account matched it); 4 refused (it is on the undispatched queue); 5 no result in time.
1 is an error of the command itself, with or without --wait.`;

const EXIT_STATUS: Readonly<Record<Outcome, number>> = {
  delivered: 0,
  not_delivered: 2,
  unmatched: 3,
  refused: 4,
  timeout: 5,
};

const DEFAULT_TIMEOUT_SECONDS = 120;
const MAX_TIMEOUT_SECONDS = 86_400;

export function build(io: Io) {
  return stackCommand('publish')
    .description('Publishes a domain event, as the product does, and prints its id.')
    .argument('<type>', 'the event type')
    .argument('[data]', "a JSON object; default: the catalogue's example of the type", dataArgument)
    .option('--account <id>', "the account of the event; default: the local cloud's account", accountOption)
    .option('--id <id>', "the id of the event; default: derived from the bus's event id", eventIdOption)
    .option('--source <name>', 'EventBridge source', 'publish-event')
    .option('--direct', 'sends the event to the events queue, without the bus')
    .option('--wait', 'waits for the result of the event, and prints it')
    .option(
      '--timeout <s>',
      `with --wait: the longest time in seconds; default: ${DEFAULT_TIMEOUT_SECONDS}`,
      wholeNumber(1, MAX_TIMEOUT_SECONDS),
    )
    .addHelpText('after', EPILOGUE)
    .action(async (type, data, options) => {
      const { account, id, source, direct = false, wait = false, timeout } = options;
      if (!wait && timeout !== undefined) throw new Error('--timeout needs --wait');
      const target = await findTarget(options, io);
      const known = await findType(type, { target, mayBeUnknown: data !== undefined, io });
      const accountId = accountOf(account, target);
      const dataText = data ?? JSON.stringify(known?.example);
      const detail = { account_id: accountId, id };
      const event = { type, source, detail, data: dataText };
      const busEventId = direct ? await sendEvent(target, event) : await putEvent(target, event);
      const eventId = id ?? eventIdFromBus(busEventId);
      if (eventId === undefined)
        throw new Error(`the bus returned "${busEventId}", which is not an event id`);
      const published = { accountId, eventId, busEventId, type, data: dataText };
      if (!wait) return io.answer(options, { json: toJson(published), text: eventId });
      io.progress(`published ${eventId} for ${accountId}`);
      const timeoutMs = (timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
      const end = await follow(target, published, { timeoutMs, onProgress: io.progress });
      return io.answer(options, {
        json: toJson(published, end),
        text: describeEnd(published, end),
        exitStatus: EXIT_STATUS[end.outcome],
      });
    });
}

async function follow(
  target: Target,
  event: PublishedEvent,
  options: { readonly timeoutMs: number; readonly onProgress: (line: string) => void },
): Promise<EventEnd> {
  return withDynamoDb(target, (dynamodb) =>
    withSqs(target, (sqs) =>
      followEvent(
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
      ),
    ),
  );
}

const WORDS: Readonly<Record<Outcome, string>> = {
  delivered: 'delivered to every webhook that it matched',
  not_delivered: 'not delivered to every webhook that it matched',
  unmatched: 'unmatched: it is not delivered to any webhook',
  refused: 'refused: it is on the undispatched queue',
  timeout: 'no result yet',
};

function describeEnd({ eventId }: PublishedEvent, { outcome, reason, deliveries }: EventEnd): string {
  const lines = deliveries.map(({ webhookId, deliveryId, status, attempts, reason: why }) =>
    [
      '',
      webhookId,
      deliveryId,
      status,
      plural(attempts, 'attempt'),
      ...(why === undefined ? [] : [why]),
    ].join('  '),
  );
  const result = reason === undefined ? WORDS[outcome] : `${WORDS[outcome]} (${reason})`;
  return [eventId, result, ...lines].map(printable).join('\n');
}

function toJson({ eventId, busEventId, accountId, type }: PublishedEvent, end?: EventEnd) {
  return {
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
  };
}

function dataArgument(text: string): string {
  const data = parseJson(text);
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return text;
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"user_id":"user_1"}'.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
