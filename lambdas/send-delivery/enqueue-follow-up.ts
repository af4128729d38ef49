import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { BatchScope } from './batch-scope.ts';
import { acknowledgeIf, type Disposition } from './disposition.ts';
import type { SendDeps } from './ports.ts';
import { isRetriedSlowly } from './slow-lane.ts';

/** After a failed attempt: the next attempt on its lane, or the end of the delivery. */
export async function enqueueFollowUp(
  deps: SendDeps,
  { followUps }: Pick<BatchScope, 'followUps'>,
  message: DeliveryMessage,
  failed: Attempt,
  webhook: Webhook | undefined,
): Promise<Disposition> {
  const slow = isRetriedSlowly(deps, message, failed, webhook);
  return acknowledgeIf(await followUps.enqueue(message, failed, slow));
}
