import type { AuditAction, AuditDetails, AuditOutcome, AuditSource } from '../shared/domain/audit.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { CallDeps, CallRequest } from './call.ts';
import { callIdsOf } from './call-ids.ts';
import type { Caller, Ports } from './ports.ts';
import type { ApiResponse } from './response.ts';
import type { AccountCallName } from './routes.ts';

/** The calls that change or send something. A `Record` of all calls, so that a new call does not compile without an entry. */
const ACTIONS: Readonly<Record<AccountCallName, AuditAction | undefined>> = {
  createWebhook: 'webhook.create',
  listWebhooks: undefined,
  getWebhook: undefined,
  updateWebhook: 'webhook.change',
  deleteWebhook: 'webhook.delete',
  verifyWebhook: 'webhook.verify',
  rotateSecret: 'webhook.rotate_secret',
  getWebhookHealth: undefined,
  getActivity: undefined,
  listRecoveries: undefined,
  listDeliveries: undefined,
  getDelivery: undefined,
  resendDelivery: 'delivery.resend',
  recoverDeliveries: 'recovery.start',
  getRecovery: undefined,
  stopRecovery: 'recovery.stop',
  testWebhook: 'webhook.test',
  testWebhookByPath: 'webhook.test',
  createListener: 'listener.create',
  // A poll confirms deliveries of the caller's own listener.
  pollListener: undefined,
  deleteListener: 'listener.delete',
  getEvent: undefined,
  listEventTypes: undefined,
  getSession: undefined,
  deleteSession: 'session.revoke',
};

/**
 * A call writes nothing later than this after its start. The function's timeout is 29 s: a write that is still open
 * then may continue in a later invocation, long after the caller received an error.
 */
const LATEST_WRITE_MS = 20_000;

export interface AuditedRequest extends CallRequest<unknown> {
  readonly requestId: string;
}

/** The ports whose writes are audited. */
type AuditedPorts = Pick<Ports, 'webhooks' | 'events' | 'listeners' | 'recoveries' | 'sessions'>;

/**
 * Records who makes a change. The entry is written before the first write of the call: when that fails, nothing is changed
 * and the call fails. A call that writes nothing has no entry, such as one that is refused or that repeats an answer.
 */
export async function auditChange(
  request: AuditedRequest,
  deps: Pick<CallDeps, 'audit' | 'clock' | 'log' | keyof AuditedPorts>,
  handle: (audited: AuditedPorts) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const action = actionOf(request);
  if (action === undefined) return handle(deps);
  const { accountId, caller, requestId } = request;
  const startedAt = deps.clock.now();
  let entry: ReturnType<Ports['audit']['record']> | undefined;
  const recordEntry = async (subject: string): Promise<void> => {
    entry ??= deps.audit.record({
      accountId,
      at: deps.clock.now(),
      action,
      source: sourceOf(caller),
      keyId: caller.id,
      actor: caller.name,
      subject,
      requestId,
      ...detailsOf(request),
    });
    await entry;
    if (deps.clock.now() - startedAt > LATEST_WRITE_MS) {
      throw new Error(`the call took more than ${LATEST_WRITE_MS} ms: the change is not made`);
    }
  };
  const end = async (outcome: AuditOutcome): Promise<void> => {
    try {
      const begun = await entry;
      if (begun !== undefined) await deps.audit.end(begun, outcome);
    } catch (error) {
      // The entry then has no outcome. This failure must not replace the response.
      deps.log.warn('the end of a change was not recorded in the audit log', {
        call: request.call,
        request_id: requestId,
        ...callIdsOf(accountId, request.path),
        outcome,
        ...errorFields(error),
      });
    }
  };
  let response: ApiResponse;
  try {
    response = await handle(auditPorts(deps, recordEntry));
  } catch (cause) {
    await end('failed');
    throw cause;
  }
  await end(outcomeOf(response.status));
  return response;
}

/** Calls `recordEntry` before each write, with the id of the item to write. */
function auditPorts(
  { webhooks, events, listeners, recoveries, sessions }: AuditedPorts,
  recordEntry: (subject: string) => Promise<void>,
): AuditedPorts {
  const audited = <Args extends unknown[], Result>(
    write: (...args: Args) => Promise<Result>,
    subjectOf: (...args: Args) => string,
  ) => {
    return async (...args: Args): Promise<Result> => {
      await recordEntry(subjectOf(...args));
      return write(...args);
    };
  };
  return {
    webhooks: {
      ...webhooks,
      create: audited(webhooks.create, ({ id }) => id),
      update: audited(webhooks.update, (_, webhookId) => webhookId),
      remove: audited(webhooks.remove, (_, webhookId) => webhookId),
    },
    events: {
      ...events,
      putEvent: audited(events.putEvent, ({ id }) => id),
      markResent: audited(events.markResent, ({ deliveryId }) => deliveryId),
    },
    listeners: {
      ...listeners,
      create: audited(listeners.create, ({ id }) => id),
      remove: audited(listeners.remove, (_, listenerId) => listenerId),
    },
    recoveries: {
      ...recoveries,
      create: audited(recoveries.create, ({ id }) => id),
      end: audited(recoveries.end, ({ id }) => id),
    },
    sessions: { ...sessions, revoke: audited(sessions.revoke, (_, sessionId) => sessionId) },
  };
}

function actionOf({ call, input }: AuditedRequest): AuditAction | undefined {
  const action = ACTIONS[call];
  if (action !== 'webhook.change') return action;
  switch (Reflect.get(Object(input), 'status')) {
    case 'active':
      return 'webhook.enable';
    case 'disabled':
      return 'webhook.disable';
    default:
      return action;
  }
}

/** The id of the webhook, when it is not the subject, or the names of the changed fields. */
function detailsOf({ call, path, input }: AuditedRequest): { readonly details?: AuditDetails } {
  switch (call) {
    case 'updateWebhook':
      return { details: { fields: Object.keys(Object(input)) } };
    case 'resendDelivery':
    case 'recoverDeliveries':
    case 'testWebhookByPath':
    case 'testWebhook':
      return { details: { webhook_id: path.webhook_id ?? String(Reflect.get(Object(input), 'webhook_id')) } };
    default:
      return {};
  }
}

function sourceOf({ kind, ofCommand }: Caller): AuditSource {
  if (kind === 'session') return 'session';
  return ofCommand === true ? 'command' : 'api';
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}
