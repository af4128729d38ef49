import { createCallBatcher } from '../shared/runtime/call-batcher.ts';
import { ENDED } from '../shared/runtime/clock.ts';
import type { BatchScope } from './batch-scope.ts';
import { decide } from './decide.ts';
import { type Disposition, LEAVE, postpone, postponeAfter } from './disposition.ts';
import { createFollowUps } from './follow-up.ts';
import { createHealth } from './health.ts';
import { perform, performFresh, waitLonger } from './perform.ts';
import type { ReceivedMessage, SendDeps } from './ports.ts';
import { isLate, type Received, receiveBatch } from './receive.ts';
import { createRecorder } from './record.ts';
import { sendToUnreadable } from './unreadable.ts';

/**
 * The record of a success is abandoned this long before the deadline. Otherwise its message would be returned to the
 * queue, and the delivery would be sent again.
 */
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
): Promise<ReadonlyMap<Received, Disposition>> {
  const { clock, ports } = deps;
  const ended = new AbortController();
  const msUntil = (time: number): number => Math.max(0, time - clock.now());
  const callBatcher = createCallBatcher(clock);
  const writeDeadline = clock.sleep(msUntil(deadlineAt - ABANDON_WRITE_BEFORE_DEADLINE_MS), ended.signal);
  const batch: BatchScope = {
    recorder: createRecorder(deps, { callBatcher, writeDeadline }),
    followUps: createFollowUps(deps, callBatcher, deadlineAt),
    health: createHealth(deps, { callBatcher, writeDeadline }),
    deadlineAt,
  };

  const now = clock.now();
  const received = receiveBatch(messages, deps.retryDelaysSeconds, now);
  const dispositions = new Map<Received, Disposition>(
    received.map((item) => [item, postpone('the function ran out of time')]),
  );
  const handle = createHandler(deps, batch, received, now);
  const all = received.map(async (item) => {
    const disposition = await callBatcher.run(() => handle(item).catch(postponeAfter));
    if (!ended.signal.aborted) dispositions.set(item, disposition);
  });
  await Promise.race([Promise.all(all), clock.sleep(msUntil(deadlineAt), ended.signal)]);
  ended.abort(ENDED);
  ports.http.endBatch();
  return dispositions;
}

/** Starts the calls that the messages of a batch share. The returned handler handles one message. */
function createHandler(
  deps: SendDeps,
  batch: BatchScope,
  received: readonly Received[],
  now: number,
): (item: Received) => Promise<Disposition> {
  const { clock, retryDelaysSeconds, visibilityTimeoutSeconds } = deps;
  const late = new Set(received.map(({ from }) => from).filter((from) => isLate(from, now)));
  const extended = extendVisibility(deps, late);
  const states = readStates(deps, received, late, extended);

  return async (item) => {
    const { from } = item;
    // Another consumer may have received the message.
    if (late.has(from) && !(await extended).has(from)) return LEAVE;
    switch (item.kind) {
      case 'duplicate':
        return LEAVE;
      case 'unreadable':
        return sendToUnreadable(deps, item);
      case 'unknown_version':
        return postpone(item.reason);
      case 'delivery': {
        if (item.fresh) return performFresh(deps, batch, item);
        if (item.waits) return waitLonger(batch, item);
        const { message } = item;
        const state = (await states).get(message.deliveryId);
        if (state === undefined) throw new Error('the read of webhooks and records omitted a delivery');
        const firstReceipt = from.receiveCount === 1;
        const settings = { retryDelaysSeconds, visibilityTimeoutSeconds };
        const decision = decide({ ...state, ...settings, message, firstReceipt, now: clock.now() });
        return perform(deps, batch, item, decision, state.record === undefined);
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

/** Reads the webhooks and records of all deliveries that are due and not fresh, in one call. */
function readStates(
  { ports }: SendDeps,
  received: readonly Received[],
  late: ReadonlySet<ReceivedMessage>,
  extended: Promise<ReadonlySet<ReceivedMessage>>,
): ReturnType<SendDeps['ports']['readStates']> {
  const read = async () => {
    const confirmed = await extended;
    const deliveries = received
      .filter((item) => item.kind === 'delivery')
      .filter(({ fresh, waits, from }) => !fresh && !waits && (!late.has(from) || confirmed.has(from)));
    return deliveries.length === 0 ? new Map() : ports.readStates(deliveries.map(({ message }) => message));
  };
  const states = read();
  // Prevent an unhandled rejection: the handlers await it later.
  states.catch(() => undefined);
  return states;
}
