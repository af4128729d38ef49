import type { Webhook } from '../../shared/domain/webhook.ts';
import { HEALTH_FIELDS } from '../../shared/store/webhooks.ts';
import type { CallDeps } from '../call.ts';
import { util } from '../node-util.ts';
import { subscribesToSystemEvents } from './account-limits.ts';
import { nextUpdatedAt } from './next-updated-at.ts';

/** A further try is made only when the webhook was changed again within some milliseconds. */
const MAX_TRIES = 5;

const OPTIONAL_FIELDS = [
  'pendingUrl',
  'description',
  'verification',
  'verificationError',
  'successStatus',
  'customHeaders',
  ...HEALTH_FIELDS,
] as const;
/** The fields that a call of this API changes. */
const FIELDS = ['url', 'events', 'status', ...OPTIONAL_FIELDS] as const;
type Field = (typeof FIELDS)[number];

/**
 * Restores the fields in which `changed` differs from `before`, except those that another call has changed since.
 * A subscription to system events that the change ended is not restored, since another webhook may have taken its place
 * under the account's limit: the result is then `events_kept`. Throws when the webhook is changed again at every try.
 */
export async function undoChange(
  before: Webhook,
  changed: Webhook,
  { webhooks, clock }: Pick<CallDeps, 'webhooks' | 'clock'>,
): Promise<'undone' | 'events_kept'> {
  const keepsEvents = subscribesToSystemEvents(before.events) && !subscribesToSystemEvents(changed.events);
  const changedFields = FIELDS.filter(
    (field) => !util.isDeepStrictEqual(before[field], changed[field]) && !(field === 'events' && keepsEvents),
  );
  const outcome = keepsEvents ? 'events_kept' : 'undone';

  let current: Webhook | undefined = changed;
  for (let tries = 0; current !== undefined && tries < MAX_TRIES; tries++) {
    const restored = fieldsToRestore(changedFields, changed, current);
    if (restored.length === 0) return outcome;
    const updated = await webhooks.update(before.accountId, before.id, {
      set: { ...pickPresent(before, restored), updatedAt: nextUpdatedAt(current, clock.now()) },
      remove: OPTIONAL_FIELDS.filter((field) => restored.includes(field) && before[field] === undefined),
      when: { updatedAt: current.updatedAt },
    });
    if (updated !== 'conflict') return outcome;
    current = await webhooks.get(before.accountId, before.id);
  }
  if (current === undefined) return outcome;
  throw new Error(
    `a change of webhook ${before.id} could not be undone: other calls changed it ${MAX_TRIES} times meanwhile`,
  );
}

function fieldsToRestore(changedFields: readonly Field[], changed: Webhook, current: Webhook): Field[] {
  return changedFields.filter((field) => util.isDeepStrictEqual(current[field], changed[field]));
}

/** Leaves out the fields that the webhook does not have. */
function pickPresent<Name extends Field>(
  webhook: Webhook,
  names: readonly Name[],
): Partial<Pick<Webhook, Name>>;
function pickPresent(webhook: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(webhook).filter(([name]) => names.includes(name)));
}
