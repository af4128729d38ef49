import { useEffect, useState } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import type { ApiProblem } from '../../api/problem.ts';
import type { components } from '../../api/schema.d.ts';
import { useQuery } from '../../api/use-query.ts';
import { useAddress } from '../../shell/use-address.ts';

type Webhook = Pick<components['schemas']['Webhook'], 'id' | 'url' | 'description'>;

/** The most that one request answers. */
const LIMIT = 100;

interface ActiveWebhooks {
  /** Undefined while they are loaded. */
  readonly webhooks: readonly Webhook[] | undefined;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  /** Loads further ones. Undefined: there are none. */
  readonly more: (() => void) | undefined;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
}

/** Webhooks that can get a test event. The chosen one is in the address, `?webhook=wh_…`. */
export function useActiveWebhooks(): ActiveWebhooks {
  const { query, withQuery, go } = useAddress();
  const [cursor, setCursor] = useState<string>();
  const [known, setKnown] = useState<readonly Webhook[]>([]);
  const page = useQuery(`active webhooks ${cursor}`, (signal) => {
    const parameters = { status: 'active' as const, limit: LIMIT, ...(cursor && { cursor }) };
    return bodyOf(api.GET('/v1/webhooks', { params: { query: parameters }, signal }));
  });
  const next = page.data?.next_cursor ?? undefined;
  useEffect(() => {
    if (page.data !== undefined) setKnown((before) => merge(before, page.data?.data ?? []));
  }, [page.data]);

  const webhooks =
    page.data === undefined && known.length === 0 ? undefined : merge(known, page.data?.data ?? []);
  const chosen = webhooks?.find(({ id }) => id === query.webhook) ?? webhooks?.[0];
  return {
    webhooks,
    chosen: chosen?.id,
    choose: (id) => go(withQuery({ webhook: id }), true),
    more: next === undefined ? undefined : () => setCursor(next),
    problem: page.problem,
    reload: page.reload,
  };
}

function merge(before: readonly Webhook[], page: readonly Webhook[]): readonly Webhook[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !known.has(id))];
}
