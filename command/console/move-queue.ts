import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AuditAction } from '../../lambdas/shared/domain/audit.ts';
import type { AccountId, WebhookId } from '../../lambdas/shared/domain/ids.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import type { MoveResult, QueueMessage } from '../queues/move-messages.ts';
import { redrive } from '../queues/redrive.ts';
import { redispatch } from '../queues/undispatched.ts';
import { requireOutput } from '../shared/target.ts';
import type { CountView, MoveView, OperatorQueue } from './views.ts';

/** *unreadable* has no destination: no deployment can read its messages. */
export type MovableQueue = Exclude<OperatorQueue, 'unreadable'>;

export const MOVE_ACTIONS = {
  undispatched: 'undispatched.redispatch',
  poison: 'poison.redrive',
  exhausted: 'exhausted.redrive',
} as const satisfies Record<MovableQueue, AuditAction>;

/** Groups of one result. Further groups are counted together, as `others`. */
const MAX_GROUPS = 20;

export interface MoveRequest {
  readonly queue: MovableQueue;
  readonly confirm: boolean;
  readonly limit: number;
  readonly accountId?: AccountId | undefined;
  readonly webhookId?: WebhookId | undefined;
  readonly reason?: string | undefined;
  readonly eventType?: string | undefined;
}

interface MoveDeps {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly timer: Timer;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A message with the group in which it is counted. */
type Grouped = QueueMessage & { readonly group: string };

/** Moves messages as the commands `redrive` and `redispatch` do. */
export async function moveQueue(request: MoveRequest, deps: MoveDeps): Promise<MoveResult<Grouped>> {
  const { queue, confirm, limit, accountId, webhookId, reason = '', eventType } = request;
  const { sqs, timer, outputs } = deps;
  if (queue !== 'undispatched') {
    const result = await redrive({ sqs, timer, outputs, queue, confirm, limit, accountId, webhookId });
    return addGroups(result, ({ accountId: account, sourceQueue }) =>
      queue === 'poison' ? (sourceQueue ?? 'unknown queue') : (account ?? 'unknown account'),
    );
  }
  const result = await redispatch({
    ...{ sqs, timer, confirm, limit },
    undispatchedQueueUrl: requireOutput({ outputs }, 'UndispatchedQueueUrl'),
    eventsQueueUrl: requireOutput({ outputs }, 'EventsQueueUrl'),
    isSelected: (event) =>
      event.reason.includes(reason) &&
      (eventType === undefined || event.type === eventType) &&
      (accountId === undefined || event.accountId === accountId),
  });
  return addGroups(result, (event) => event.reason);
}

export function moveView(result: MoveResult<Grouped>, confirmed: boolean): MoveView {
  const { selected, notSelected, failed, duplicates, mayHaveMore } = result;
  return {
    confirmed,
    selected: selected.length,
    not_selected: notSelected.length,
    duplicates: duplicates.length,
    failed: failed.length,
    groups: countsOf(selected.map(({ group }) => group)),
    failures: countsOf(failed.map(({ reason }) => reason)),
    may_have_more: mayHaveMore,
  };
}

function addGroups<M extends QueueMessage>(
  result: MoveResult<M>,
  groupOf: (message: M) => string,
): MoveResult<Grouped> {
  const withGroup = (message: M): Grouped => ({ ...message, group: groupOf(message) });
  return {
    selected: result.selected.map(withGroup),
    notSelected: result.notSelected.map(withGroup),
    failed: result.failed.map(({ message, reason }) => ({ message: withGroup(message), reason })),
    duplicates: result.duplicates.map(withGroup),
    mayHaveMore: result.mayHaveMore,
  };
}

function countsOf(texts: readonly string[]): CountView[] {
  const counts = [...Map.groupBy(texts, (text) => text)]
    .map(([text, group]) => ({ text, count: group.length }))
    .toSorted((one, other) => other.count - one.count);
  const others = counts.slice(MAX_GROUPS).reduce((sum, { count }) => sum + count, 0);
  return [...counts.slice(0, MAX_GROUPS), ...(others === 0 ? [] : [{ text: 'others', count: others }])];
}
