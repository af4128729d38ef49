import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { EmptyState, ScreenHead } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Pager } from '../../kit/pager.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { useTitle } from '../../shell/use-title.ts';
import { WEBHOOKS } from '../../texts/webhooks.ts';
import { type ListedWebhook, WebhookTable } from './webhook-table.tsx';

/** As many as one call of the activity can ask for. */
const PAGE_SIZE = 20;
const POLL_MS = 30_000;

/** The cursor of the page before, by cursor. The API has no cursors for earlier pages of this list. */
const previousCursors = new Map<string, string | undefined>();

export default function Webhooks() {
  useTitle(WEBHOOKS.title);
  const { query, withQuery } = useAddress();
  const { cursor } = query;
  const list = useQuery(`webhooks ${cursor ?? ''}`, (signal) => readPage(cursor, signal), {
    pollMs: POLL_MS,
  });
  const next = list.data?.next_cursor ?? undefined;
  // A blank reserves the line while the list is loaded.
  const note = cursor !== undefined ? undefined : list.data ? attentionText(list.data.data) : '\u00a0';
  if (next !== undefined) previousCursors.set(next, cursor);

  return (
    <>
      <ScreenHead title={WEBHOOKS.title} note={note} actions={<NewWebhook isFilled />} />
      <QueryProblem query={list} />
      {list.isLoading && <Loading rows={8} />}
      {list.data && (
        <>
          {list.data.data.length > 0 ? (
            <WebhookTable webhooks={list.data.data} pollMs={POLL_MS} />
          ) : (
            <EmptyState action={cursor === undefined && <NewWebhook />}>
              {cursor === undefined ? WEBHOOKS.empty : WEBHOOKS.emptyPage}
            </EmptyState>
          )}
          <Pager
            newer={cursor && withQuery({ cursor: previousCursors.get(cursor) })}
            older={next && withQuery({ cursor: next })}
            {...(cursor !== undefined && !previousCursors.has(cursor)
              ? { newerWord: WEBHOOKS.firstPage }
              : {})}
          />
        </>
      )}
    </>
  );
}

function readPage(cursor: string | undefined, signal: AbortSignal) {
  const query = {
    order: 'attention' as const,
    limit: PAGE_SIZE,
    ...(cursor === undefined ? {} : { cursor }),
  };
  return bodyOf(api.GET('/v1/webhooks', { params: { query }, signal }));
}

function NewWebhook({ isFilled }: { isFilled?: boolean }) {
  return (
    <ActionButton kind={isFilled ? 'filled' : 'plain'} href="/console/webhooks/new">
      {WEBHOOKS.create}
    </ActionButton>
  );
}

/** The webhooks that need attention are the first ones of the first page. */
function attentionText(webhooks: readonly ListedWebhook[]): string | undefined {
  if (webhooks.length === 0) return undefined;
  const needing = webhooks.filter(({ attention }) => attention !== null).length;
  const hasMore = needing === webhooks.length && webhooks.length === PAGE_SIZE;
  return needing === 0 ? WEBHOOKS.noAttention : WEBHOOKS.attention(needing, hasMore);
}
