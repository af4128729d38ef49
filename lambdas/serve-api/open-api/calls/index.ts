import type { Route } from '../../routes.ts';
import type { CallDescription } from '../call-description.ts';
import { createListener } from './create-listener.ts';
import { createSession } from './create-session.ts';
import { createWebhook } from './create-webhook.ts';
import { deleteListener } from './delete-listener.ts';
import { deleteSession } from './delete-session.ts';
import { deleteWebhook } from './delete-webhook.ts';
import { getActivity } from './get-activity.ts';
import { getDelivery } from './get-delivery.ts';
import { getEvent } from './get-event.ts';
import { getOpenApi } from './get-open-api.ts';
import { getRecovery } from './get-recovery.ts';
import { getSession } from './get-session.ts';
import { getWebhook } from './get-webhook.ts';
import { getWebhookHealth } from './get-webhook-health.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listEventTypes } from './list-event-types.ts';
import { listRecoveries } from './list-recoveries.ts';
import { listWebhooks } from './list-webhooks.ts';
import { pollListener } from './poll-listener.ts';
import { recoverDeliveries } from './recover-deliveries.ts';
import { resendDelivery } from './resend-delivery.ts';
import { rotateSecret } from './rotate-secret.ts';
import { stopRecovery } from './stop-recovery.ts';
import { testWebhook } from './test-webhook.ts';
import { testWebhookByPath } from './test-webhook-by-path.ts';
import { updateWebhook } from './update-webhook.ts';
import { verifyWebhook } from './verify-webhook.ts';

/** The description of each call in the document. Every other file of this folder is one call. */
export const CALL_DESCRIPTIONS: Readonly<Record<Route['call'], CallDescription>> = {
  createListener,
  createSession,
  createWebhook,
  deleteListener,
  deleteSession,
  deleteWebhook,
  getActivity,
  getDelivery,
  getEvent,
  getOpenApi,
  getRecovery,
  getSession,
  getWebhook,
  getWebhookHealth,
  listDeliveries,
  listEventTypes,
  listRecoveries,
  listWebhooks,
  pollListener,
  recoverDeliveries,
  resendDelivery,
  rotateSecret,
  stopRecovery,
  testWebhook,
  testWebhookByPath,
  updateWebhook,
  verifyWebhook,
};
