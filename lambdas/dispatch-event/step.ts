import { subscribesTo } from '../shared/domain/subscription.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { MAX_WAVE_BYTES } from '../shared/runtime/lanes.ts';
import { dispatchGroup } from './dispatch-group.ts';
import { createOutcomes, type Outcome, type Outcomes } from './outcomes.ts';
import { type AcceptedEvent, type KnownEvents, type ParsedEvent, parseEvent } from './parse-event.ts';
import type { PrepareDeps, Work } from './prepare-event.ts';
import { type Account, createAccountReader } from './read-accounts.ts';
import { type Refused, setAside } from './undispatched.ts';

/** Events are started until this long before the deadline, which is itself 5 s before the function's end. */
const START_RESERVE_MS = 15_000;
/** About what a message takes besides its body: ids, URL, signatures. */
const MESSAGE_OVERHEAD_BYTES = 1_000;

export interface DispatchDeps extends KnownEvents, PrepareDeps {
  readonly clock: Timer;
}

/** An event as it was received from the events queue. */
export interface ReceivedEvent {
  readonly text: string;
  /** From 1: how often SQS has handed it out. */
  readonly receiveCount: number;
}

/**
 * Turns a batch of events into deliveries. One outcome for each event, in their order. It returns at the deadline
 * (milliseconds since 1970) at the latest, and never throws.
 */
export async function dispatchEvents(
  deps: DispatchDeps,
  events: readonly ReceivedEvent[],
  deadlineAt: number,
): Promise<Outcome[]> {
  const over = new AbortController();
  const outcomes = createOutcomes(events.length);
  const mayStart = (): boolean => !over.signal.aborted && deps.clock.now() <= deadlineAt - START_RESERVE_MS;
  const timeUp = deps.clock.sleep(Math.max(0, deadlineAt - deps.clock.now()), over.signal);
  await Promise.race([dispatchAll(deps, events, outcomes, { mayStart, over: over.signal }), timeUp]);
  over.abort();
  return outcomes.list();
}

interface Time {
  readonly mayStart: () => boolean;
  /** Aborts at the deadline: what still runs begins nothing more. */
  readonly over: AbortSignal;
}

async function dispatchAll(
  deps: DispatchDeps,
  events: readonly ReceivedEvent[],
  outcomes: Outcomes,
  { mayStart, over }: Time,
): Promise<void> {
  if (!mayStart()) return;
  const { accepted, refused } = parseAll(deps, events, outcomes);
  for (const { index } of refused) outcomes.start(index);
  const setting = setAside(deps, refused, outcomes);
  for await (const group of inGroups(accepted, outcomes)) {
    if (!mayStart()) break;
    await dispatchGroup(deps, group, outcomes, over);
  }
  await setting;
  for (const { index } of refused) outcomes.end(index);
}

interface Pending extends Omit<Work, 'account' | 'matching'> {
  readonly accepted: AcceptedEvent;
  readonly reading: Promise<Account>;
}

/** Parses all events, and begins to read their accounts. */
function parseAll(
  deps: DispatchDeps,
  events: readonly ReceivedEvent[],
  outcomes: Outcomes,
): { accepted: Pending[]; refused: Refused[] } {
  const readAccount = createAccountReader(deps);
  const accepted: Pending[] = [];
  const refused: Refused[] = [];
  for (const [index, { text, receiveCount }] of events.entries()) {
    const parsed = parseOrFail(deps, text, (error) => outcomes.fail(index, error));
    if (parsed === undefined) continue;
    if (!parsed.ok) {
      refused.push({ index, text, reason: parsed.reason, names: parsed.names });
      continue;
    }
    const reading = readAccount(parsed.accepted.event.accountId);
    // Prevent an unhandled rejection: it is awaited later.
    reading.catch(() => undefined);
    accepted.push({ index, text, receiveCount, accepted: parsed.accepted, reading });
  }
  return { accepted, refused };
}

/** An event that breaks the parser must not fail its batch. */
function parseOrFail(
  deps: DispatchDeps,
  text: string,
  onError: (error: unknown) => void,
): ParsedEvent | undefined {
  try {
    return parseEvent(text, deps, deps.clock.now());
  } catch (error) {
    onError(error);
    return undefined;
  }
}

/**
 * Events whose messages fit into one wave together. An event is stored with its group, so that it is not stored long
 * before its messages are sent. An event whose account cannot be read fails.
 */
async function* inGroups(pending: readonly Pending[], outcomes: Outcomes): AsyncGenerator<Work[]> {
  let group: Work[] = [];
  let bytes = 0;
  for (const { reading, ...event } of pending) {
    let account: Account;
    try {
      account = await reading;
    } catch (error) {
      outcomes.fail(event.index, error);
      continue;
    }
    const { type } = event.accepted.event;
    const matching = account.webhooks.filter(
      ({ verified, events }) => verified && subscribesTo(events, type),
    );
    const size = matching.length * (event.accepted.body.length + MESSAGE_OVERHEAD_BYTES);
    if (group.length > 0 && bytes + size > MAX_WAVE_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push({ ...event, account, matching });
    bytes += size;
  }
  if (group.length > 0) yield group;
}
