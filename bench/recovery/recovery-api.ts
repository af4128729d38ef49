import { createApi } from '../../local/api-client.ts';

/** A recovery in the API's answers. */
export interface RecoveryView {
  readonly id: string;
  readonly status: 'running' | 'done' | 'stopped';
  readonly reason?: string;
  readonly found: number;
  readonly enqueued: number;
  readonly delivered: number;
  readonly failed: number;
}

export interface Range {
  readonly webhookId: string;
  readonly since: string;
}

/** The customers' API, for one account with one webhook. Every call throws an ApiRefusal if its status is not 2xx. */
export interface RecoveryApi {
  webhookId(): Promise<string>;
  /** Counts by a dry run. `at_least`: there are more deliveries than the dry run examines. */
  count(range: Range): Promise<{ readonly count: number; readonly at_least?: true }>;
  /** Returns the id of the recovery. */
  start(range: Range): Promise<string>;
  get(id: string): Promise<RecoveryView>;
  stop(id: string): Promise<RecoveryView>;
}

export function createRecoveryApi(apiUrl: string, apiKey: string): RecoveryApi {
  const api = createApi(apiUrl, async () => apiKey);
  /** The answers have the types of the API's contract. */
  const call = async <T>(...args: Parameters<typeof api.call>): Promise<T> => (await api.call(...args)) as T;
  const recover = <T>({ webhookId, since }: Range, more: object): Promise<T> =>
    call('POST', `/v1/webhooks/${webhookId}/recover`, { since, ...more });
  return {
    async webhookId() {
      const { data } = await call<{ data: readonly { id: string }[] }>('GET', '/v1/webhooks');
      const [webhook] = data;
      if (webhook === undefined) throw new Error('the account has no webhook; expected: one');
      return webhook.id;
    },
    count: (range) => recover(range, { dry_run: true }),
    start: async (range) => (await recover<RecoveryView>(range, {})).id,
    get: (id) => call('GET', `/v1/recoveries/${id}`),
    stop: (id) => call('DELETE', `/v1/recoveries/${id}`),
  };
}
