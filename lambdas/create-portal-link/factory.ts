import { newSessionId } from '../shared/domain/ids.ts';
import { CONFIRMED_LINK_SECONDS, LINK_SECONDS } from '../shared/domain/session.ts';
import { newSessionSecret } from '../shared/domain/session-secret.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { countFailuresOf } from '../shared/runtime/count-failures.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { createAuditLog } from '../shared/store/audit-log.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { recordChange } from '../shared/store/record-change.ts';
import { createSessionStore } from '../shared/store/sessions.ts';
import { type LinkError, readRequest } from './read-request.ts';

export interface CreatePortalLinkSettings {
  readonly deliveriesTable: string;
  /** The console's entry, without a fragment. */
  readonly consoleUrl: string;
}

export interface CreatePortalLinkDeps {
  readonly settings: CreatePortalLinkSettings;
  readonly dynamodb: DynamoDB;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

export type PortalAnswer =
  | {
      /** The link signs in the first person who opens it. Only the link contains its code. */
      readonly url: string;
      /** Identifies the link and its session for a revocation. It is not secret. */
      readonly session_id: string;
      /** When the link expires, in ISO 8601. */
      readonly expires_at: string;
    }
  | { readonly error: string; readonly errors: readonly LinkError[] };

export type CreatePortalLink = (event: unknown, requestId: string) => Promise<PortalAnswer>;

/**
 * Makes links that sign a person in to the console. An invalid input is answered with `error`. It throws only for a
 * failure on our side, so that the function's alarm reports only such failures.
 */
export function createPortalLink(deps: CreatePortalLinkDeps): CreatePortalLink {
  const { settings, clock, counters, log } = deps;
  const table = { dynamodb: countFailuresOf(deps.dynamodb, counters), tableName: settings.deliveriesTable };
  const sessions = createSessionStore(table);
  const audit = createAuditLog(table);
  return async (event, requestId) => {
    const read = readRequest(event);
    if (!read.ok) {
      const texts = read.errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
      return { error: texts.join('; '), errors: read.errors };
    }
    const { accountId, actor, right, ttlSeconds, returnUrl, confirm } = read.value;
    const now = clock.now();
    const id = newSessionId(now);
    const code = newSessionSecret('code', accountId, id);
    const codeValidUntil = now + (confirm ? CONFIRMED_LINK_SECONDS : LINK_SECONDS) * 1000;
    const change = {
      ...{ accountId, actor, requestId, at: now },
      action: 'session.create',
      source: 'portal',
      subject: id,
      details: { right, ttl_seconds: ttlSeconds },
    } as const;
    await recordChange(change, { audit, log }, async () => {
      await sessions.create({
        ...{ id, accountId, right, actor, ttlSeconds, codeValidUntil },
        createdAt: now,
        codeHash: code.hash,
        ...(returnUrl === undefined ? {} : { returnUrl }),
      });
      return { result: undefined, outcome: 'done' };
    }).catch((error: unknown) => {
      log.error('a link could not be created', {
        account_id: accountId,
        session_id: id,
        request_id: requestId,
        ...errorFields(error),
      });
      throw error;
    });
    return {
      // The code is in the fragment, which browsers send to no server.
      url: `${settings.consoleUrl}#code=${code.text}${confirm ? '&confirm=1' : ''}`,
      session_id: id,
      expires_at: new Date(codeValidUntil).toISOString(),
    };
  };
}
