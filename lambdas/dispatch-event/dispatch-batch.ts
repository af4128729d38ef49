import type { EventValidation } from '../shared/domain/event.ts';
import { ENDED, type Timer } from '../shared/runtime/clock.ts';
import { MAX_WAVE_BYTES } from '../shared/runtime/lanes.ts';
import type { CheckData, DataProblem, TypedData } from './check-data.ts';
import { dispatchGroup, type GroupDeps } from './dispatch-group.ts';
import { copyForListeners, type DispatchedEvent, type ListenerDeps } from './listener-copies.ts';
import { createOutcomes, type Outcome, type Outcomes } from './outcomes.ts';
import {
  type AcceptedEvent,
  eventIdsOf,
  type KnownEvents,
  type ParsedEvent,
  parseEvent,
} from './parse-event.ts';
import type { MatchedEvent } from './prepare-event.ts';
import { COUNTER_OF_PROBLEM } from './publisher-reports.ts';
import { type Account, createAccountReader } from './read-accounts.ts';
import type { ReadSubscribers } from './read-subscribers.ts';
import { type RefusedEvent, sendToUndispatched } from './undispatched.ts';

/** No event is started within this time before the deadline. The deadline itself is 5 s before the function's end. */
const START_RESERVE_MS = 15_000;
/** Estimated size of the other parts of a message than its body: ids, URL, signatures. */
const MESSAGE_OVERHEAD_BYTES = 1_000;

export interface DispatchDeps extends KnownEvents, GroupDeps, ListenerDeps {
  readonly readSubscribers: ReadSubscribers;
  readonly checkData: CheckData;
  readonly validateEvents: EventValidation;
  readonly clock: Timer;
}

/** An event as it was received from the events queue. */
export interface ReceivedEvent {
  readonly text: string;
  /** 1 at the first receipt. */
  readonly receiveCount: number;
}

/**
 * Turns a batch of events into deliveries. Returns one outcome for each event, in their order. It returns at the
 * deadline (milliseconds since 1970) at the latest, and never throws.
 */
export async function dispatchBatch(
  deps: DispatchDeps,
  events: readonly ReceivedEvent[],
  deadlineAt: number,
): Promise<Outcome[]> {
  const ended = new AbortController();
  const outcomes = createOutcomes(events.length);
  const mayStart = (): boolean => !ended.signal.aborted && deps.clock.now() <= deadlineAt - START_RESERVE_MS;
  const deadline = deps.clock.sleep(Math.max(0, deadlineAt - deps.clock.now()), ended.signal);
  await Promise.race([dispatchAll(deps, events, outcomes, { mayStart, ended: ended.signal }), deadline]);
  ended.abort(ENDED);
  return outcomes.list();
}

interface TimeLimit {
  readonly mayStart: () => boolean;
  /** Aborts at the deadline: work that is in progress then starts no further calls. */
  readonly ended: AbortSignal;
}

async function dispatchAll(
  deps: DispatchDeps,
  events: readonly ReceivedEvent[],
  outcomes: Outcomes,
  { mayStart, ended }: TimeLimit,
): Promise<void> {
  if (!mayStart()) return;
  const { accepted, refused } = parseAll(deps, events, outcomes);
  for (const { index, ids } of refused) outcomes.start(index, ids);
  const sendingRefused = sendToUndispatched(deps, refused, outcomes);
  const dispatched: DispatchedEvent[] = [];
  for await (const group of inGroups(accepted, outcomes)) {
    if (!mayStart()) break;
    dispatched.push(...(await dispatchGroup(deps, group, outcomes, ended)));
  }
  await sendingRefused;
  for (const { index } of refused) outcomes.end(index);
  // Last, because this changes the outcome of no event.
  if (!ended.aborted) await copyForListeners(deps, dispatched);
}

/** An accepted event whose account is being read. */
interface PendingEvent extends Omit<MatchedEvent, 'account' | 'matching'> {
  readonly accepted: AcceptedEvent;
  readonly readingAccount: Promise<Account>;
}

/** Parses and checks all events, and starts to read their accounts. */
function parseAll(
  deps: DispatchDeps,
  events: readonly ReceivedEvent[],
  outcomes: Outcomes,
): { accepted: PendingEvent[]; refused: RefusedEvent[] } {
  const readAccount = createAccountReader(deps);
  const parsedEvents: Omit<PendingEvent, 'readingAccount'>[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, { text, receiveCount }] of events.entries()) {
    const parsed = parseOrFail(deps, text, (error) => outcomes.fail(index, error));
    if (parsed === undefined) continue;
    if (!parsed.ok) {
      refused.push({ index, text, reason: parsed.reason, ids: parsed.ids });
      continue;
    }
    parsedEvents.push({ index, text, receiveCount, accepted: parsed.accepted });
  }
  const problems = deps.checkData(parsedEvents.map(({ accepted }) => typedData(accepted)));
  const accepted: PendingEvent[] = [];
  for (const [position, parsed] of parsedEvents.entries()) {
    const problem = problems[position];
    if (problem !== undefined && deps.validateEvents === 'refuse') {
      deps.counters.count(COUNTER_OF_PROBLEM[problem.kind]);
      const { stack } = problem;
      refused.push({
        ...parsed,
        reason: reasonOf(problem),
        ...(stack === undefined ? {} : { stack }),
        ids: eventIdsOf(parsed.accepted),
      });
      continue;
    }
    const readingAccount = readAccount(parsed.accepted.event.accountId);
    // Prevent an unhandled rejection: inGroups awaits it later.
    readingAccount.catch(() => undefined);
    accepted.push({ ...parsed, readingAccount, ...(problem === undefined ? {} : { problem }) });
  }
  return { accepted, refused };
}

/** The data with numbers instead of raw JSON, which a validator would take for objects. */
function typedData({ event, body, hasRawNumbers }: AcceptedEvent): TypedData {
  return { type: event.type, data: hasRawNumbers ? JSON.parse(body).data : event.data };
}

function reasonOf({ kind, path, why }: DataProblem): string {
  const problem = kind === 'invalid' ? 'does not satisfy the schema of its type' : 'could not be checked';
  return `Detail.data${path} ${problem}: ${why}`;
}

/** An event for which the parser throws must not fail its batch. */
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
 * Groups events whose messages fit into one wave together. An event is stored with its group, so that it is not
 * stored long before its messages are sent. An event whose account cannot be read fails.
 */
async function* inGroups(
  pending: readonly PendingEvent[],
  outcomes: Outcomes,
): AsyncGenerator<MatchedEvent[]> {
  let group: MatchedEvent[] = [];
  let bytes = 0;
  for (const { readingAccount, ...event } of pending) {
    let account: Account;
    try {
      account = await readingAccount;
    } catch (error) {
      outcomes.fail(event.index, error, eventIdsOf(event.accepted));
      continue;
    }
    const { type } = event.accepted.event;
    const matching = account.matching(type);
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
