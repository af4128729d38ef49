import type { SessionView } from '../open-api/schemas/session.ts';
import type { Caller } from '../ports.ts';
import { timeText } from '../schemas/time.ts';

export function toSessionView(caller: Caller): SessionView {
  const { id, kind, accountId, right, name, validUntil, returnUrl } = caller;
  return {
    ...{ id, kind, account_id: accountId, right, actor: name },
    expires_at: validUntil === undefined ? null : timeText(validUntil),
    return_url: returnUrl ?? null,
  };
}
