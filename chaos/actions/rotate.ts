import { urlOf } from '../endpoints.ts';
import type { History } from '../history.ts';
import { secretOf } from '../secrets.ts';
import type { ApiClient } from './api-client.ts';
import type { RotateAction } from './user-action.ts';

/** Rotates the secret of a webhook, and adds the request with its answer to the history. */
export async function rotateSecret(
  { history, call }: { readonly history: History; readonly call: ApiClient },
  { account, id }: { readonly account: number; readonly id: string },
  { webhook, secret, graceSeconds, key }: RotateAction,
): Promise<void> {
  const json = {
    ...(secret === undefined ? {} : { secret: givenSecret(webhook, secret) }),
    ...(graceSeconds === undefined ? {} : { grace_seconds: graceSeconds }),
  };
  const headers = key === undefined ? {} : { 'idempotency-key': `rotation ${key}` };
  const route = 'POST /v1/webhooks/{webhook_id}/secret/rotate';
  const { status, body } = await call(account, route, id, json, headers);
  history.add({
    kind: 'acted',
    action: 'rotate',
    webhook,
    webhookId: id,
    ...(status === undefined ? {} : { status }),
    ...(body.detail === undefined ? {} : { detail: String(body.detail) }),
    ...(body.secret === undefined ? {} : { secret: String(body.secret) }),
  });
}

function givenSecret(webhook: number, secret: NonNullable<RotateAction['secret']>): string {
  const first = secretOf(urlOf(webhook));
  return secret === 'first' ? first : `another one than ${first}`;
}
