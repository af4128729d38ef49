import type { Line } from './deliveries.ts';
import type { Evidence } from './evidence.ts';
import { isActive, wants } from './webhook-items.ts';

/** `webhook.retry` and `webhook.exhausted` are published once for each cause, where a webhook wants them. */
export function* checkSystemEvents(evidence: Evidence, lines: readonly Line[]): Generator<string> {
  for (const line of lines) {
    if (line.kind !== 'event' || line.event?.type.startsWith('webhook.')) continue;
    yield* checkMissing(evidence, line);
  }
  yield* checkCauses(evidence, lines);
}

function* checkMissing(evidence: Evidence, line: Line): Generator<string> {
  if (line.faults.some(({ systemEvent, secondCopy }) => systemEvent || secondCopy)) return;
  const published = eventsAbout(evidence, line);
  for (const { posts, id, record } of line.deliveries) {
    for (const { attempt, at } of posts) {
      if (attempt === 1 || !isWanted(evidence, line, 'webhook.retry', at)) continue;
      const isThere = published.some(
        ({ type, data }) => type === 'webhook.retry' && data.retry_count === attempt - 2,
      );
      if (!isThere) yield `attempt ${attempt} was made, and no webhook.retry was published before it`;
    }
    const last = posts.at(-1);
    if (record?.status !== 'exhausted' || last === undefined) continue;
    if (!isWanted(evidence, line, 'webhook.exhausted', last.endedAt)) continue;
    if (!published.some(({ type, data }) => type === 'webhook.exhausted' && data.delivery_id === id))
      yield `${id} is exhausted, and no webhook.exhausted was published`;
  }
}

/** Whether some webhook of the account wanted it from the event's acceptance until then. */
function isWanted(evidence: Evidence, line: Line, type: string, until: number): boolean {
  return [...evidence.webhookStates.keys()]
    .filter((id) => evidence.accountOf(id) === line.accountId)
    .some((id) =>
      evidence.statesOf(id, line.acceptedAt, until).every((item) => isActive(item) && wants(item, type)),
    );
}

interface SystemEvent {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function eventsAbout({ accepted }: Evidence, { eventId, webhookId, accountId }: Line): SystemEvent[] {
  return accepted.flatMap(({ event: { detail, 'detail-type': type } }) => {
    const { data } = detail;
    if (detail.about_webhook_id !== webhookId || detail.account_id !== accountId) return [];
    if (typeof data !== 'object' || data === null) return [];
    if (Reflect.get(data, 'original_event_id') !== eventId) return [];
    return [{ type, id: String(detail.id), data: { ...data } }];
  });
}

/** Each follows from a failed attempt, and the same cause gives the same id. */
function* checkCauses(evidence: Evidence, lines: readonly Line[]): Generator<string> {
  let explained = 0;
  for (const line of lines) {
    const about = eventsAbout(evidence, line);
    explained += about.length;
    for (const { type, data } of about) {
      const attempt = type === 'webhook.retry' ? Number(data.retry_count) + 1 : Number(data.attempts);
      if (!line.posts.some((post) => post.attempt === attempt && !post.isSuccess))
        yield `${type} was published, and attempt ${attempt} of ${line.eventId} did not fail`;
    }
    for (const [name, same] of Map.groupBy(about, ({ type, data }) => `${type} ${data.retry_count ?? ''}`)) {
      const ids = new Set(same.map(({ id }) => id));
      if (ids.size > line.deliveries.length)
        yield `${name} of ${line.eventId} was published under ${ids.size} ids`;
    }
  }
  const all = evidence.accepted.filter(({ event: { detail } }) => detail.about_webhook_id !== undefined);
  if (all.length > explained) yield `${all.length - explained} system events are about no delivery`;
}
