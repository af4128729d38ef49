import { isDeepStrictEqual } from 'node:util';
import type { Webhook } from '../shared/domain/webhook.ts';
import { listens } from './account-limits.ts';
import type { CallDeps } from './calls/call.ts';
import { laterThan } from './later-than.ts';

/** Each try but the first means that the webhook was changed again within some milliseconds. */
const MAX_TRIES = 5;

const OPTIONAL_FIELDS = ['pendingUrl', 'description', 'verification', 'verificationError'] as const;
/** The fields that a call of this API changes. */
const FIELDS = ['url', 'events', 'status', ...OPTIONAL_FIELDS] as const;
type Field = (typeof FIELDS)[number];

/**
 * Restores the fields that differ between `before` and `made`, except those that were changed again since. It does not
 * restore a subscription to system events that the change ended, as another webhook may have taken its place: the
 * result is then `events_kept`.
 */
export async function undoChange(
  before: Webhook,
  made: Webhook,
  { webhooks, clock }: Pick<CallDeps, 'webhooks' | 'clock'>,
): Promise<'undone' | 'events_kept'> {
  const keepsEvents = listens(before.events) && !listens(made.events);
  const changed = FIELDS.filter(
    (field) => !isDeepStrictEqual(before[field], made[field]) && !(field === 'events' && keepsEvents),
  );
  const outcome = keepsEvents ? 'events_kept' : 'undone';

  let current: Webhook | undefined = made;
  for (let tries = 0; current !== undefined && tries < MAX_TRIES; tries++) {
    const restored = fieldsToRestore(changed, made, current);
    if (restored.length === 0) return outcome;
    const updated = await webhooks.update(before.accountId, before.id, {
      set: { ...pick(before, restored), updatedAt: laterThan(current, clock.now()) },
      remove: OPTIONAL_FIELDS.filter((field) => restored.includes(field) && before[field] === undefined),
      when: { updatedAt: current.updatedAt },
    });
    if (updated !== 'conflict') return outcome;
    current = await webhooks.get(before.accountId, before.id);
  }
  if (current === undefined) return outcome;
  throw new Error(
    `a change of webhook ${before.id} could not be undone: it was changed ${MAX_TRIES} times meanwhile`,
  );
}

function fieldsToRestore(changed: readonly Field[], made: Webhook, current: Webhook): Field[] {
  return changed.filter((field) => isDeepStrictEqual(current[field], made[field]));
}

/** The fields that are present. */
function pick<Name extends Field>(webhook: Webhook, names: readonly Name[]): Partial<Pick<Webhook, Name>>;
function pick(webhook: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(webhook).filter(([name]) => names.includes(name)));
}
