import { createDispatchEvent } from '../../lambdas/dispatch-event/factory.ts';
import { createSendDelivery } from '../../lambdas/send-delivery/factory.ts';
import type { DisableAfter } from '../../lambdas/shared/domain/health.ts';
import type { Lane } from '../../lambdas/shared/domain/lane.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import {
  EVENT_BUS,
  type InProcessServices,
  QUEUES,
  queueArn,
  queueUrl,
  TABLES,
} from './in-process-services.ts';

export const SYSTEM_SOURCE = 'webhook-fanout.test';
const RETRY_DELAYS_SECONDS = [1, 5, 30];

/** A new environment of the dispatcher. */
export function createDispatcher({ ports }: InProcessServices) {
  return createDispatchEvent({
    ...ports,
    settings: {
      ...TABLES,
      firstQueueUrl: queueUrl('first'),
      slowQueueUrl: queueUrl('slow'),
      eventsQueueUrl: queueUrl('events'),
      undispatchedQueueUrl: queueUrl('undispatched'),
      systemEventSource: SYSTEM_SOURCE,
      retryDelaysSeconds: RETRY_DELAYS_SECONDS,
    },
    eventTypes: new Set(['file.uploaded', 'user.subscribed']),
  });
}

/** A new environment of a lane's sender. */
export function createSender(
  { ports }: InProcessServices,
  lane: Lane,
  post: (request: PostRequest) => Promise<PostResult>,
  disableAfter: DisableAfter | undefined,
) {
  return createSendDelivery({
    ...ports,
    settings: {
      ...TABLES,
      lane,
      success: '200',
      retryDelaysSeconds: RETRY_DELAYS_SECONDS,
      visibilityTimeoutSeconds: 120,
      disableAfter,
      laneQueueUrls: Object.fromEntries(QUEUES.map((name) => [queueArn(name), queueUrl(name)])),
      retryQueueUrls: [queueUrl('retry1'), queueUrl('retry2'), queueUrl('retry3')],
      slowQueueUrl: queueUrl('slow'),
      exhaustedQueueUrl: queueUrl('exhausted'),
      unreadableQueueUrl: queueUrl('unreadable'),
      eventBusName: EVENT_BUS,
      systemEventSource: SYSTEM_SOURCE,
    },
    http: { post, endBatch: () => undefined },
  });
}
