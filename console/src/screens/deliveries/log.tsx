import { useEffect, useRef } from 'preact/hooks';
import type { Query } from '../../api/use-query.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { EmptyState, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Pager } from '../../kit/pager.tsx';
import type { Webhook } from '../../parts/webhook.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { DELIVERIES } from '../../texts/deliveries.ts';
import { DeliveryTable } from './delivery-table.tsx';
import { isFiltered } from './filter.ts';
import { ClearFilters } from './filters.tsx';
import { useArrivals } from './use-arrivals.ts';
import type { usePage } from './use-page.ts';

interface LogProps {
  readonly page: ReturnType<typeof usePage>;
  readonly isPaused: boolean;
  readonly onPause: (isPaused: boolean) => void;
  readonly webhook: Webhook | undefined;
}

/** The page of the address. On the newest page it says that it is live, and new deliveries are read out. */
export function DeliveryLog({ page, isPaused, onPause, webhook }: LogProps) {
  const { query, withQuery } = useAddress();
  const position = query.newer ?? query.older;
  const list = useFocusAfterChange(position);
  const arrived = useArrivals(JSON.stringify(query), page.data?.data);
  const isFirst = position === undefined;
  const rows = page.data?.data ?? [];

  return (
    <div ref={list} tabIndex={-1}>
      <Section title={DELIVERIES.list} actions={isFirst && <Live {...{ page, isPaused, onPause }} />}>
        <p class="hidden" role="status">
          {arrived > 0 && DELIVERIES.arrived(arrived)}
        </p>
        <div class="list">
          <QueryProblem query={page} />
          {page.isLoading && <Loading rows={10} />}
          {rows.length > 0 && <DeliveryTable deliveries={rows} isActive={webhook?.status === 'active'} />}
          {page.data !== undefined && rows.length === 0 && (
            <NoDeliveries hasOlder={page.data.next_cursor !== null} isFirst={isFirst} webhook={webhook} />
          )}
          {page.data && (
            <div class="actions">
              {!isFirst && (
                <Button href={withQuery({ newer: undefined, older: undefined })}>{DELIVERIES.newest}</Button>
              )}
              <Pager
                newer={isFirst ? undefined : linkTo(page.data.newer_cursor, 'newer', 'older')}
                older={linkTo(page.data.next_cursor, 'older', 'newer')}
              />
            </div>
          )}
        </div>
      </Section>
    </div>
  );

  function linkTo(cursor: string | null, name: string, other: string): string | undefined {
    return cursor === null ? undefined : withQuery({ [name]: cursor, [other]: undefined });
  }
}

function Live({
  page,
  isPaused,
  onPause,
}: Pick<LogProps, 'isPaused' | 'onPause'> & { page: Query<unknown> }) {
  return (
    <>
      {isPaused ? (
        <Badge tone="quiet" icon="pause">
          {DELIVERIES.paused}
        </Badge>
      ) : (
        page.data !== undefined &&
        page.problem === undefined && (
          <Badge tone="ok" icon="live">
            {DELIVERIES.live}
          </Badge>
        )
      )}
      <Button onClick={() => onPause(!isPaused)}>{isPaused ? DELIVERIES.resume : DELIVERIES.pause}</Button>
    </>
  );
}

interface NoDeliveriesProps {
  readonly hasOlder: boolean;
  readonly isFirst: boolean;
  readonly webhook: Webhook | undefined;
}

function NoDeliveries({ hasOlder, isFirst, webhook }: NoDeliveriesProps) {
  const { query } = useAddress();
  if (hasOlder) return <EmptyState>{DELIVERIES.examined}</EmptyState>;
  if (isFiltered(query)) return <EmptyState action={<ClearFilters />}>{DELIVERIES.noMatch}</EmptyState>;
  if (!isFirst) return <EmptyState>{DELIVERIES.pageEnd}</EmptyState>;
  if (webhook?.status !== 'active') return <EmptyState>{DELIVERIES.noneNow}</EmptyState>;
  return (
    <EmptyState
      action={<Button href={`/console/event-types?webhook=${webhook.id}`}>{DELIVERIES.sendTest}</Button>}
    >
      {DELIVERIES.none}
    </EmptyState>
  );
}

/** The clicked link of the pager may not exist on the next page, so the list gets the focus. Not when the screen opens. */
function useFocusAfterChange(position: string | undefined) {
  const list = useRef<HTMLDivElement>(null);
  const shown = useRef(position);
  useEffect(() => {
    if (shown.current === position) return;
    shown.current = position;
    list.current?.focus({ preventScroll: true });
    list.current?.scrollIntoView({ block: 'nearest' });
  }, [position]);
  return list;
}
