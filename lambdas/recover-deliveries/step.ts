import type { AccountId, RecoveryId } from '../shared/domain/ids.ts';
import type { Recovery } from '../shared/domain/recovery.ts';
import { wantedSystemEvents } from '../shared/domain/system-event.ts';
import { SECRET_UNREADABLE } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import { countResults } from './count-results.ts';
import { enqueueRepeats } from './enqueue-repeats.ts';
import type { Ready, RecoverDeps } from './ports.ts';

/** Seconds between two steps of a recovery: a step enqueues what its webhook receives meanwhile. */
export const STEP_SECONDS = 20;
/** Results are counted at most this often. */
const COUNT_EVERY_MS = 60_000;
/** Deliveries of a long schedule of retries are not waited for longer than this. */
const COUNT_FOR_MS = 60 * 60_000;
/** After so many failures in a row the endpoint is down again. */
const MAX_FAILED_IN_ROW = 20;

/** `again`: the recovery goes on; its message must become visible again after so many seconds. */
export type StepResult = { readonly kind: 'ended' } | { readonly kind: 'again'; readonly seconds: number };

const ENDED: StepResult = { kind: 'ended' };
const AGAIN: StepResult = { kind: 'again', seconds: STEP_SECONDS };

/**
 * One bounded step of a recovery. A step that is interrupted or made twice neither skips nor repeats a delivery: the
 * ids of the repeats depend on the repeated deliveries alone, and the cursor moves only after they are enqueued.
 * `deadlineAt` is in milliseconds since 1970. Throws when our own side fails.
 */
export async function recoverStep(
  deps: RecoverDeps,
  { accountId, recoveryId }: { readonly accountId: AccountId; readonly recoveryId: RecoveryId },
  deadlineAt: number,
): Promise<StepResult> {
  const { ports, clock } = deps;
  const now = clock.now();
  const recovery = await ports.recoveries.get(accountId, recoveryId, now);
  if (recovery === undefined || recovery.state !== 'running') return ENDED;

  const counted = isCountDue(recovery, now) ? await countResults(deps, recovery) : {};
  const { failedInRow = recovery.failedInRow } = counted;
  if (failedInRow >= MAX_FAILED_IN_ROW) {
    await ports.recoveries.advance(recovery, counted);
    return stop(deps, recovery, `the last ${failedInRow} recovered deliveries failed`);
  }

  if (recovery.allEnqueuedAt !== undefined) {
    if (Object.keys(counted).length > 0) await ports.recoveries.advance(recovery, counted);
    const { delivered = recovery.delivered, failed = recovery.failed } = counted;
    const isOver = delivered + failed >= recovery.enqueued || now - recovery.allEnqueuedAt >= COUNT_FOR_MS;
    if (!isOver) return { kind: 'again', seconds: COUNT_EVERY_MS / 1_000 };
    await ports.recoveries.end(recovery, 'done', now);
    return ENDED;
  }

  const ready = await prepare(deps, recovery);
  if (!ready.ok) return stop(deps, recovery, ready.reason);
  const enqueued = await enqueueRepeats(deps, { ...recovery, ...counted }, ready, {
    seconds: STEP_SECONDS,
    deadlineAt,
  });
  await ports.recoveries.advance(recovery, { ...counted, ...enqueued });
  return AGAIN;
}

function isCountDue({ countedAt, createdAt, enqueued }: Recovery, now: number): boolean {
  return enqueued > 0 && now - (countedAt ?? createdAt) >= COUNT_EVERY_MS;
}

/** The webhook as it is now. A recovery for a webhook that receives nothing would only hold its deliveries again. */
async function prepare(
  { ports, clock }: RecoverDeps,
  { accountId, webhookId }: Recovery,
): Promise<({ readonly ok: true } & Ready) | { readonly ok: false; readonly reason: string }> {
  const { webhooks } = await ports.webhooks.list(accountId);
  const webhook = webhooks.find(({ id }) => id === webhookId);
  if (webhook === undefined) return { ok: false, reason: 'the webhook was deleted or cannot be read' };
  if (webhook.status !== 'active') return { ok: false, reason: `the webhook is ${webhook.status}` };
  const live = await openLiveSecrets(webhook, ports.openSecret, clock.now());
  if (!live.ok) return { ok: false, reason: SECRET_UNREADABLE };
  return { ok: true, webhook, secrets: live.secrets, wantedSystemEvents: wantedSystemEvents(webhooks) };
}

async function stop({ ports, clock }: RecoverDeps, recovery: Recovery, reason: string): Promise<StepResult> {
  await ports.recoveries.end(recovery, 'stopped', clock.now(), reason);
  return ENDED;
}
