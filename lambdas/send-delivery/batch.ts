import { createCallBatcher } from '../shared/runtime/call-batcher.ts';
import { decide } from './decide.ts';
import {
  ACKNOWLEDGE,
  acknowledgeIf,
  type Disposition,
  LEAVE,
  postpone,
  postponeAfter,
} from './disposition.ts';
import { createFollowUps } from './follow-up.ts';
import { type BatchScope, perform, performFresh } from './perform.ts';
import type { ReceivedMessage, SendDeps } from './ports.ts';
import { isLate, type Received, receiveBatch } from './receive.ts';
import { createRecorder } from './record.ts';

/** Before the function must be done, a success waits no longer for its record: it would be sent again. */
const ABANDON_WRITE_BEFORE_DEADLINE_MS = 250;

/**
 * Sends a batch, all messages at the same time, and resolves when the last attempt is recorded. Never throws: every
 * message has a disposition by `deadlineAt` (milliseconds since 1970), and the failure of one message affects no
 * other.
 */
export async function sendBatch(
  deps: SendDeps,
  messages: readonly ReceivedMessage[],
  deadlineAt: number,
): Promise<ReadonlyMap<ReceivedMessage, Disposition>> {
  const { clock, ports } = deps;
  const over = new AbortController();
  const msUntil = (time: number): number => Math.max(0, time - clock.now());
  const callBatcher = createCallBatcher(clock);
  const writesMustEnd = clock.sleep(msUntil(deadlineAt - ABANDON_WRITE_BEFORE_DEADLINE_MS), over.signal);
  const batch: BatchScope = {
    recorder: createRecorder(deps, { callBatcher, writesMustEnd }),
    followUps: createFollowUps(deps, callBatcher),
    deadlineAt,
  };

  const dispositions = new Map<ReceivedMessage, Disposition>(
    messages.map((message) => [message, postpone("the function's time is up")]),
  );
  const handle = createHandler(deps, batch, messages);
  const all = messages.map(async (message) => {
    const disposition = await callBatcher.run(() => handle(message).catch(postponeAfter));
    if (!over.signal.aborted) dispositions.set(message, disposition);
  });
  await Promise.race([Promise.all(all), clock.sleep(msUntil(deadlineAt), over.signal)]);
  over.abort();
  ports.http.endBatch();
  return dispositions;
}

/** Decodes the messages of a batch and starts the calls that they share; the handler handles one of them. */
function createHandler(
  deps: SendDeps,
  batch: BatchScope,
  messages: readonly ReceivedMessage[],
): (message: ReceivedMessage) => Promise<Disposition> {
  const { clock, retryDelaysSeconds, visibilityTimeoutSeconds } = deps;
  const now = clock.now();
  const received = new Map(receiveBatch(messages, retryDelaysSeconds, now).map((item) => [item.from, item]));
  const late = new Set(messages.filter((message) => isLate(message, now)));
  const extended = extendVisibility(deps, late);
  const states = readStates(deps, [...received.values()], late, extended);

  return async (from) => {
    // Another consumer may have received it since.
    if (late.has(from) && !(await extended).has(from)) return LEAVE;
    const item = received.get(from);
    switch (item?.kind) {
      case undefined:
      case 'duplicate':
        return LEAVE;
      case 'unreadable':
        return setAside(deps, from, item.reason);
      case 'unknown_version':
        return postpone(item.reason);
      case 'delivery': {
        if (item.fresh) return performFresh(deps, batch, item);
        const { message } = item;
        const state = (await states).get(message.deliveryId);
        if (state === undefined) throw new Error('the read of webhooks and records omitted a delivery');
        const firstReceipt = from.receiveCount === 1;
        const settings = { retryDelaysSeconds, visibilityTimeoutSeconds };
        const decision = decide({ ...state, ...settings, message, firstReceipt, now: clock.now() });
        return perform(deps, batch, item, decision);
      }
    }
  };
}

/** Returns the messages for which SQS confirmed the extension. */
async function extendVisibility(
  { ports, visibilityTimeoutSeconds }: SendDeps,
  late: ReadonlySet<ReceivedMessage>,
): Promise<ReadonlySet<ReceivedMessage>> {
  if (late.size === 0) return late;
  return ports.queues.setVisibility(
    [...late].map((message) => ({ message, seconds: visibilityTimeoutSeconds })),
  );
}

/** Reads the webhooks and records of all deliveries that are not fresh, in one call. */
function readStates(
  { ports }: SendDeps,
  received: readonly Received[],
  late: ReadonlySet<ReceivedMessage>,
  extended: Promise<ReadonlySet<ReceivedMessage>>,
): ReturnType<SendDeps['ports']['readStates']> {
  const read = async () => {
    const held = await extended;
    const wanted = received
      .filter((item) => item.kind === 'delivery')
      .filter(({ fresh, from }) => !fresh && (!late.has(from) || held.has(from)));
    return wanted.length === 0 ? new Map() : ports.readStates(wanted.map(({ message }) => message));
  };
  const states = read();
  // Prevent an unhandled rejection: the deliveries await it later.
  states.catch(() => undefined);
  return states;
}

/** Sends a message that no deployment can read to the unreadable queue, unchanged. */
async function setAside(
  { ports, counters, log }: SendDeps,
  from: ReceivedMessage,
  reason: string,
): Promise<Disposition> {
  const attributes = { reason, queue_arn: from.queueArn, message_id: from.id };
  const [sent] = await ports.queues.unreadable([{ body: from.body, attributes }]);
  if (sent?.ok !== true) return acknowledgeIf(sent ?? { ok: false, reason: 'not tried' });
  counters.count('unreadable');
  log.error('a message cannot be read and was sent to the unreadable queue', {
    message_id: from.id,
    why: reason,
  });
  return ACKNOWLEDGE;
}
