import { inflateRawSync } from 'node:zlib';
import { accountName } from '../actions/api-client.ts';
import { parseEventKey } from '../affected-deliveries.ts';
import { extraWebhookUrl, urlOf } from '../endpoints.ts';
import { type Fact, type FactOf, factsOf, type Item } from '../history.ts';
import { isJson, parseJson } from '../json.ts';
import type { RunResult } from '../run-scenario.ts';
import type { Scenario, WebhookSpec } from '../scenario.ts';
import { type Post, postsIn } from './post.ts';
import { FOLLOW_UP_MARGIN_MS, RETRY_DELAYS_MS } from './published-limits.ts';

/** An event's item in the deliveries table at the end. */
export interface StoredEvent {
  readonly accountId: string;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly acceptedAt: number;
  readonly webhookIds: readonly string[];
}

/** An item after a write. */
export interface State {
  readonly at: number;
  readonly item: Item | undefined;
}

/** History and final state of a run, indexed for the checks. */
export interface Evidence extends RunResult {
  readonly scenario: Scenario;
  readonly facts: readonly Fact[];
  readonly posts: readonly Post[];
  readonly accepted: readonly FactOf<'event_accepted'>[];
  readonly faults: readonly FactOf<'fault'>[];
  /** Events by `<account> <event id>`. */
  readonly stored: ReadonlyMap<string, StoredEvent>;
  /** When each event's item was first written, by the same key. */
  readonly storedAt: ReadonlyMap<string, number>;
  /** All states of each delivery's record, by delivery id. */
  readonly recordStates: ReadonlyMap<string, readonly State[]>;
  /** The final records, by delivery id. */
  readonly records: ReadonlyMap<string, Item>;
  readonly postsOf: ReadonlyMap<string, readonly Post[]>;
  /** All states of each webhook, by its id. */
  readonly webhookStates: ReadonlyMap<string, readonly FactOf<'webhook_written'>[]>;
  /** Ids of deliveries that an operator redrove. */
  readonly redriven: ReadonlySet<string>;
  /** Event ids of tests and challenges that the API accepted or enqueued. */
  readonly tests: ReadonlySet<string>;
  /** The messages that each invocation enqueued, by its name. */
  readonly enqueuedBy: ReadonlyMap<string, readonly FactOf<'enqueued'>[]>;
  /** How each invocation started, by its name. */
  readonly starts: ReadonlyMap<string, FactOf<'run_started'>>;
  /** How each invocation ended, by its name. */
  readonly runs: ReadonlyMap<string, FactOf<'run_ended'>>;
  /** Messages on the exhausted queue, by delivery id. */
  readonly exhausted: ReadonlyMap<string, readonly string[]>;
  /** Webhook ids by URL. */
  readonly owners: ReadonlyMap<string, string>;
  readonly retryDelaysMs: readonly number[];
  readonly followUpMarginMs: number;
  accountOf(webhookId: string): string | undefined;
  /** The webhook in the scenario; undefined for an extra webhook. */
  specOf(webhookId: string): WebhookSpec | undefined;
  /** All states of the webhook between two times. Undefined as a state: it did not exist. */
  statesOf(webhookId: string, from: number, to: number): readonly (Item | undefined)[];
  /** Whether an event is on the undispatched queue. */
  isUndispatched(eventId: string): boolean;
  /** Whether a message of that delivery or event is on the poison queue. */
  isOnPoison(id: string): boolean;
}

export function gatherEvidence(scenario: Scenario, result: RunResult): Evidence {
  const { facts } = result.history;
  const { records, events, queues } = result.finalState;
  const webhookStates = Map.groupBy(factsOf(facts, 'webhook_written'), ({ webhookId }) => webhookId);
  const owners = ownersOf(webhookStates);
  const accounts = accountsOf(scenario, owners);
  const posts = postsIn(facts);
  const stored = new Map<string, StoredEvent>();
  for (const item of events) {
    const event = storedEvent(item);
    stored.set(`${event.accountId} ${event.id}`, event);
  }
  const storedAt = new Map<string, number>();
  for (const { accountId, eventId, at } of factsOf(facts, 'event_stored').reverse()) {
    storedAt.set(`${accountId} ${eventId}`, at);
  }
  const undispatched = new Set((queues.Undispatched ?? []).flatMap(idsIn));
  const poison = new Set((queues.Poison ?? []).flatMap(idsIn));
  return {
    ...result,
    scenario,
    facts,
    posts,
    accepted: factsOf(facts, 'event_accepted'),
    faults: factsOf(facts, 'fault'),
    stored,
    storedAt,
    recordStates: Map.groupBy(factsOf(facts, 'record_written'), ({ deliveryId }) => deliveryId),
    records: new Map(records.map((item) => [String(item.sk).slice('DELIVERY#'.length), item])),
    postsOf: Map.groupBy(posts, ({ deliveryId }) => deliveryId),
    webhookStates,
    redriven: new Set(factsOf(facts, 'redriven').map(({ deliveryId }) => deliveryId)),
    tests: new Set([
      ...factsOf(facts, 'acted').flatMap(({ eventId }) => eventId ?? []),
      ...factsOf(facts, 'enqueued').flatMap(({ caller, name }) =>
        caller.role === 'serve-api' ? (name.eventId ?? []) : [],
      ),
    ]),
    enqueuedBy: Map.groupBy(factsOf(facts, 'enqueued'), ({ caller }) => String(caller.run)),
    starts: new Map(factsOf(facts, 'run_started').map((fact) => [String(fact.caller.run), fact])),
    runs: new Map(factsOf(facts, 'run_ended').map((fact) => [String(fact.caller.run), fact])),
    exhausted: Map.groupBy(queues.Exhausted ?? [], (body) => String(JSON.parse(body).delivery_id)),
    owners,
    retryDelaysMs: result.retryDelaysMs ?? RETRY_DELAYS_MS,
    followUpMarginMs: result.followUpMarginMs ?? FOLLOW_UP_MARGIN_MS,
    accountOf: (webhookId) => accounts.get(webhookId),
    specOf: (webhookId) => scenario.webhooks.find((_, index) => owners.get(urlOf(index)) === webhookId),
    statesOf(webhookId, from, to) {
      const states = webhookStates.get(webhookId) ?? [];
      const before = states.findLast(({ at }) => at < from);
      return [before?.item, ...states.filter(({ at }) => at >= from && at <= to).map(({ item }) => item)];
    },
    isUndispatched: (eventId) => undispatched.has(eventId),
    isOnPoison: (id) => poison.has(id),
  };
}

function ownersOf(states: ReadonlyMap<string, readonly State[]>): Map<string, string> {
  const owners = new Map<string, string>();
  for (const [id, all] of states) {
    for (const { item } of all) {
      for (const url of [item?.url, item?.pending_url]) if (typeof url === 'string') owners.set(url, id);
    }
  }
  return owners;
}

function accountsOf(scenario: Scenario, owners: ReadonlyMap<string, string>): Map<string, string> {
  const accounts = new Map<string, string>();
  scenario.webhooks.forEach(({ account }, index) => {
    const id = owners.get(urlOf(index));
    if (id !== undefined) accounts.set(id, accountName(account));
  });
  for (let member = 0; member < scenario.extraWebhooks; member++) {
    accounts.set(owners.get(extraWebhookUrl(member)) ?? '', accountName(0));
  }
  return accounts;
}

function storedEvent(item: Item): StoredEvent {
  const { accountId = '', eventId = '' } = parseEventKey(item) ?? {};
  return {
    accountId,
    id: eventId,
    type: String(item.type),
    body: bodyOf(item),
    acceptedAt: Number(item.accepted_at),
    webhookIds: Array.isArray(item.webhook_ids) ? item.webhook_ids.map(String) : [],
  };
}

/** Long bodies are stored compressed. */
function bodyOf({ body, body_deflated: deflated }: Item): string {
  return deflated instanceof Uint8Array ? inflateRawSync(deflated).toString() : String(body);
}

/** The ids of events and deliveries in a message, also inside a message that it contains as text. */
function idsIn(text: string): string[] {
  return [...textsIn(parseJson(text))].filter((value) => value.length <= MAX_ID_CHARACTERS);
}

const MAX_ID_CHARACTERS = 64;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    const inner = value.startsWith('{') ? parseJson(value) : undefined;
    if (inner === undefined) yield value;
    else yield* textsIn(inner);
  } else if (isJson(value)) {
    for (const one of Object.values(value)) yield* textsIn(one);
  }
}
