import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { readHealth } from '../../parts/health.ts';
import { isMissing } from '../../parts/webhook.tsx';
import { useRecoveries } from '../recover/recoveries.tsx';
import { attentionOf } from './attention.ts';
import { readWebhook } from './calls.ts';

const WEBHOOK_POLL_MS = 15_000;
/** While a challenge is not answered. */
const PENDING_POLL_MS = 3_000;
const HEALTH_POLL_MS = 30_000;
const DELIVERIES_POLL_MS = 10_000;
const SHOWN_DELIVERIES = 10;

/** What the screen shows. All of it is requested at once: on a slow network, requests in a row take the most time. */
export function useData(id: string) {
  const webhook = useQuery(`webhook and version ${id}`, (signal) => readWebhook(id, signal), {
    pollMs: (answer) =>
      answer && attentionOf(answer.data) === 'pending' ? PENDING_POLL_MS : WEBHOOK_POLL_MS,
  });
  const every = (ms: number) => () => (isMissing(webhook) ? undefined : ms);
  const health = useQuery(`health ${id}`, (signal) => readHealth(id, signal), {
    pollMs: every(HEALTH_POLL_MS),
  });
  const deliveries = useQuery(`newest deliveries ${id}`, (signal) => readNewest(id, signal), {
    pollMs: every(DELIVERIES_POLL_MS),
  });
  const recoveries = useRecoveries(id);
  return {
    ...{ webhook, health, deliveries, recoveries },
    /** After a change. */
    reload(): void {
      for (const query of [webhook, health, deliveries]) query.reload();
    },
  };
}

function readNewest(id: string, signal: AbortSignal) {
  const params = { path: { webhook_id: id }, query: { limit: SHOWN_DELIVERIES } };
  return bodyOf(api.GET('/v1/webhooks/{webhook_id}/deliveries', { params, signal }));
}
