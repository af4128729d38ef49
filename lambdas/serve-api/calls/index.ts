import type { Call, PublicCall } from '../call.ts';
import type { AccountCallName, PublicCallName } from '../routes.ts';
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

/** The calls that need an API key or a session. Every other file of this folder is one call. */
export const CALLS: Readonly<Record<AccountCallName, Call>> = {
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  verifyWebhook,
  getWebhookHealth,
  rotateSecret,
  listDeliveries,
  getDelivery,
  resendDelivery,
  recoverDeliveries,
  getRecovery,
  stopRecovery,
  testWebhook,
  testWebhookByPath,
  listRecoveries,
  getActivity,
  createListener,
  pollListener,
  deleteListener,
  getEvent,
  listEventTypes,
  getSession,
  deleteSession,
};

export const PUBLIC_CALLS: Readonly<Record<PublicCallName, PublicCall>> = { createSession, getOpenApi };
