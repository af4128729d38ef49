import { api, bodyOf } from '../api/client.ts';
import type { components } from '../api/schema.d.ts';
import { type Query, useQuery } from '../api/use-query.ts';
import { Button } from '../kit/button.tsx';
import { Foreign } from '../kit/foreign.tsx';
import { EmptyState, Notice, type ScreenHeadProps } from '../kit/layout.tsx';
import { WEBHOOK } from '../texts/webhook-name.ts';
import { nameOf as nameOfUrl } from './url-name.ts';

export type Webhook = components['schemas']['Webhook'];

/** The webhook of a screen below it. Its log can be read after it was deleted, so screens do not depend on it. */
export function useWebhook(id: string): Query<Webhook> {
  return useQuery(`webhook ${id}`, (signal) =>
    bodyOf(api.GET('/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id } }, signal })),
  );
}

export const webhookAddress = (id: string): string => `/console/webhooks/${encodeURIComponent(id)}`;

/** The name of the webhook, or its id while the name is not known. */
export function nameOf(id: string, webhook: Webhook | undefined): string {
  return webhook === undefined ? id : nameOfUrl(webhook.url);
}

/** "Webhooks › api.example.com/hooks", and what follows. */
export function webhookCrumbs(
  id: string,
  webhook: Webhook | undefined,
  more: NonNullable<ScreenHeadProps['crumbs']> = [],
): NonNullable<ScreenHeadProps['crumbs']> {
  return [
    { href: '/console/webhooks', text: WEBHOOK.webhooks },
    { href: webhookAddress(id), text: <Foreign text={nameOf(id, webhook)} /> },
    ...more,
  ];
}

export function WebhookMissing() {
  return (
    <EmptyState action={<Button href="/console/webhooks">{WEBHOOK.showWebhooks}</Button>}>
      {WEBHOOK.missing}
    </EmptyState>
  );
}

/** Says that a webhook was deleted or receives nothing. Renders nothing for an active one. */
export function WebhookState({ query, id }: { query: Query<Webhook>; id: string }) {
  if (isMissing(query)) {
    return (
      <Notice tone="info" title={WEBHOOK.deletedTitle}>
        <p>{WEBHOOK.deleted}</p>
      </Notice>
    );
  }
  const why = query.data && whyNothingIsSent(query.data);
  if (why === undefined) return null;
  return (
    <Notice tone="warn" actions={<Button href={webhookAddress(id)}>{WEBHOOK.showWebhook}</Button>}>
      <p>{why}</p>
    </Notice>
  );
}

export function isMissing({ data, problem }: Query<unknown>): boolean {
  return data === undefined && problem?.status === 404;
}

/** Why deliveries are not sent to the webhook; undefined when they are. */
export function whyNothingIsSent({ status }: Webhook): string | undefined {
  return status === 'active' ? undefined : (WEBHOOK.notActive[status] ?? WEBHOOK.notActiveOther);
}
