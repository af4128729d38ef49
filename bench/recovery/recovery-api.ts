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

/** The customers' API, for one account with one webhook. Every call throws if its status is not 2xx. */
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
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: got status ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  const recover = ({ webhookId, since }: Range, more: object) =>
    call('POST', `/v1/webhooks/${webhookId}/recover`, { since, ...more });
  return {
    webhookId: async () => (await call('GET', '/v1/webhooks')).data[0].id,
    count: (range) => recover(range, { dry_run: true }),
    start: async (range) => (await recover(range, {})).id,
    get: (id) => call('GET', `/v1/recoveries/${id}`),
    stop: (id) => call('DELETE', `/v1/recoveries/${id}`),
  };
}
