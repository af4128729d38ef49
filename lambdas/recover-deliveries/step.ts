import type { Recovery } from '../shared/domain/recovery.ts';
import { subscribedSystemEvents } from '../shared/domain/system-event.ts';
import { SECRET_UNREADABLE } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import type { RecoveryProgress } from '../shared/store/recoveries.ts';
import { countResults } from './count-results.ts';
import { enqueueRepeats } from './enqueue-repeats.ts';
import type { Ready, RecoverDeps } from './ports.ts';

/** Seconds between two steps of a recovery. Each step enqueues the deliveries of this time. */
export const STEP_SECONDS = 20;
/** Results are counted at most this often. */
const COUNT_EVERY_MS = 60_000;
/** Results are counted for at most this time after the last enqueued repeat. A schedule of retries may take longer. */
const COUNT_FOR_MS = 60 * 60_000;
/** After this number of failures in a row a recovery stops: its endpoint is probably down again. */
const MAX_FAILED_IN_ROW = 20;

/** `again`: the recovery has not ended: its message must become visible again after this number of seconds. */
export type StepResult = { readonly kind: 'ended' } | { readonly kind: 'again'; readonly seconds: number };

export const ENDED: StepResult = { kind: 'ended' };

/**
 * One bounded step of a recovery. A step that is interrupted or made twice neither skips nor repeats a delivery: the
 * ids of the repeats depend on the repeated deliveries alone, and the cursor moves only after they are enqueued. A
 * recovery with several messages makes no more steps than one with a single message. `recovery` is as it was just read.
 * `deadlineAt` is in milliseconds since 1970. Throws when our own side fails.
 */
export async function recoverStep(
  deps: RecoverDeps,
  recovery: Recovery,
  deadlineAt: number,
): Promise<StepResult> {
  const { ports, clock } = deps;
  const now = clock.now();
  const againAt = (time: number): StepResult => ({
    kind: 'again',
    seconds: Math.max(1, Math.ceil((time - clock.now()) / 1_000)),
  });
  if (recovery.state !== 'running') return ENDED;
  if (recovery.nextStepAt !== undefined && now < recovery.nextStepAt) return againAt(recovery.nextStepAt);

  const isCounting = recovery.allEnqueuedAt !== undefined;
  const nextStepAt = isCounting ? nextCountAt(recovery, now) : now + STEP_SECONDS * 1_000;
  if ((await ports.recoveries.beginStep(recovery, nextStepAt)) === 'lost') return againAt(nextStepAt);

  const counted = isCountDue(recovery, now)
    ? await countResults(deps, recovery, isLastCount(recovery, now))
    : undefined;
  const storeCount = async (): Promise<void> => {
    if (counted !== undefined) await ports.recoveries.advance(recovery, counted);
  };
  const { failedInRow = recovery.failedInRow } = counted ?? {};
  if (failedInRow >= MAX_FAILED_IN_ROW) {
    await storeCount();
    return stop(deps, recovery, `the last ${failedInRow} recovered deliveries failed`);
  }
  if (isCounting) {
    await storeCount();
    return isOver(recovery, counted, now) ? done(deps, recovery) : againAt(nextStepAt);
  }

  const ready = await prepare(deps, recovery);
  if (!ready.ok) {
    await storeCount();
    return stop(deps, recovery, ready.reason);
  }
  const enqueued = await enqueueRepeats(deps, { ...recovery, ...counted }, ready, {
    seconds: STEP_SECONDS,
    deadlineAt,
  });
  const stored = await ports.recoveries.advance(recovery, { ...counted, ...enqueued });
  const hasNothingToCount = enqueued.allEnqueuedAt !== undefined && enqueued.enqueued === 0;
  return stored === 'stored' && hasNothingToCount ? done(deps, recovery) : againAt(nextStepAt);
}

function isCountDue({ countedAt, createdAt, enqueued }: Recovery, now: number): boolean {
  return enqueued > 0 && now - (countedAt ?? createdAt) >= COUNT_EVERY_MS;
}

/** The next count after one that is due now, in milliseconds since 1970. */
function nextCountAt({ countedAt, createdAt }: Recovery, now: number): number {
  const next = (countedAt ?? createdAt) + COUNT_EVERY_MS;
  return next > now ? next : now + COUNT_EVERY_MS;
}

function isLastCount({ allEnqueuedAt }: Recovery, now: number): boolean {
  return allEnqueuedAt !== undefined && now - allEnqueuedAt >= COUNT_FOR_MS;
}

function isOver(recovery: Recovery, counted: RecoveryProgress | undefined, now: number): boolean {
  const { delivered = recovery.delivered, failed = recovery.failed } = counted ?? {};
  return delivered + failed >= recovery.enqueued || isLastCount(recovery, now);
}

/** Reads the webhook as it is now. A recovery for a webhook that receives nothing would only hold its deliveries again. */
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
  return {
    ok: true,
    webhook,
    secrets: live.secrets,
    subscribedSystemEvents: subscribedSystemEvents(webhooks),
  };
}

async function stop({ ports, clock }: RecoverDeps, recovery: Recovery, reason: string): Promise<StepResult> {
  await ports.recoveries.end(recovery, 'stopped', clock.now(), reason);
  return ENDED;
}

async function done({ ports, clock }: RecoverDeps, recovery: Recovery): Promise<StepResult> {
  await ports.recoveries.end(recovery, 'done', clock.now());
  return ENDED;
}
