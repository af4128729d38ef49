import type { components } from '../../api/schema.d.ts';

type Marks = Pick<
  components['schemas']['Webhook'],
  'status' | 'disabled_by' | 'exhausted_in_row' | 'pending_url' | 'verification_error' | 'slow_since'
>;
type Attention = components['schemas']['WebhookList']['data'][number]['attention'];

/** Why a webhook needs attention, as the list of webhooks says it. */
export function attentionOf(webhook: Marks): Attention {
  const { status, disabled_by, exhausted_in_row, pending_url, verification_error, slow_since } = webhook;
  if (status === 'disabled') return disabled_by === 'service' ? 'disabled_by_service' : 'disabled';
  if (status !== 'active') return status;
  if (exhausted_in_row > 0) return 'failing';
  if (pending_url !== null && verification_error !== null) return 'verification_failed';
  if (slow_since !== null) return 'slow';
  return pending_url === null ? null : 'pending';
}
