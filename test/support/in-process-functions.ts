import type { DataValidators } from '../../lambdas/dispatch-event/check-data.ts';
import { createDispatchEvent } from '../../lambdas/dispatch-event/factory.ts';
import { createRecoverDeliveries } from '../../lambdas/recover-deliveries/factory.ts';
import { createSendDelivery } from '../../lambdas/send-delivery/factory.ts';
import type { EventValidation } from '../../lambdas/shared/domain/event.ts';
import type { DisableAfter } from '../../lambdas/shared/domain/health.ts';
import type { Lane } from '../../lambdas/shared/domain/lane.ts';
import type { RetrySchedule } from '../../lambdas/shared/domain/retry-schedule.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { EVENT_BUS, type InProcessServices, QUEUES, queueUrl, TABLES } from './in-process-services.ts';

export const SYSTEM_SOURCE = 'webhook-fanout.test';
const RETRY_DELAYS_SECONDS = [1, 5, 30];
const MAX_RETRY_AFTER_SECONDS = 900;

export interface DispatcherOptions {
  /** Default: 20, as deployed. */
  readonly keepListsFrom?: number;
  readonly validators?: DataValidators;
  readonly validateEvents?: EventValidation;
}

/** A new environment of the dispatcher. */
export function createDispatcher(
  { ports }: InProcessServices,
  recordRetentionDays: number,
  { validators = {}, validateEvents = 'warn', keepListsFrom = 20 }: DispatcherOptions = {},
) {
  return createDispatchEvent({
    ...ports,
    settings: {
      ...TABLES,
      recordRetentionDays,
      firstQueueUrl: queueUrl('first'),
      slowQueueUrl: queueUrl('slow'),
      eventsQueueUrl: queueUrl('events'),
      undispatchedQueueUrl: queueUrl('undispatched'),
      systemEventSource: SYSTEM_SOURCE,
      validateEvents,
      keepListsFrom,
      retryDelaysSeconds: RETRY_DELAYS_SECONDS,
    },
    validators,
    eventTypes: new Set(['file.uploaded', 'user.subscribed']),
  });
}

/** A new environment of a lane's sender. */
export function createSender(
  { ports }: InProcessServices,
  lane: Lane,
  recordRetentionDays: number,
  post: (request: PostRequest) => Promise<PostResult>,
  disableAfter: DisableAfter | undefined,
  {
    retryDelaysSeconds = RETRY_DELAYS_SECONDS,
    maxRetryAfterSeconds = MAX_RETRY_AFTER_SECONDS,
    forwardTraceparent = false,
  }: Partial<RetrySchedule> & { readonly forwardTraceparent?: boolean },
) {
  return createSendDelivery({
    ...ports,
    settings: {
      ...TABLES,
      recordRetentionDays,
      lane,
      success: '200',
      forwardTraceparent,
      retryDelaysSeconds,
      maxRetryAfterSeconds,
      visibilityTimeoutSeconds: 120,
      disableAfter,
      laneQueueUrls: QUEUES.map(queueUrl),
      retryQueueUrls: [queueUrl('retry1'), queueUrl('retry2'), queueUrl('retry3')],
      laterQueueUrl: queueUrl('later'),
      slowQueueUrl: queueUrl('slow'),
      exhaustedQueueUrl: queueUrl('exhausted'),
      unreadableQueueUrl: queueUrl('unreadable'),
      eventBusName: EVENT_BUS,
      systemEventSource: SYSTEM_SOURCE,
    },
    http: { post, endBatch: () => undefined },
  });
}

/** A new environment of recover-deliveries. */
export function createRecoverer({ ports }: InProcessServices, recordRetentionDays: number) {
  return createRecoverDeliveries({
    ...ports,
    settings: {
      ...TABLES,
      recordRetentionDays,
      recoveriesQueueUrl: queueUrl('recoveries'),
      slowQueueUrl: queueUrl('slow'),
      retryDelaysSeconds: RETRY_DELAYS_SECONDS,
    },
  });
}
