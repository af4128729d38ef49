import { useState } from 'preact/hooks';
import type { AccountsView, AccountView } from '../../../command/console/views.ts';
import { useQuery } from '../api/use-query.ts';
import { Badge, StatusBadge } from '../kit/badge.tsx';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Foreign } from '../kit/foreign.tsx';
import { EmptyState, ScreenHead } from '../kit/layout.tsx';
import { Loading } from '../kit/loading.tsx';
import { Pager } from '../kit/pager.tsx';
import { type Column, Table } from '../kit/table.tsx';
import { useAddress } from '../shell/use-address.ts';
import { useTitle } from '../shell/use-title.ts';
import { number } from '../texts/language.ts';
import { ACCOUNTS } from '../texts/operator.ts';
import { call } from './client.ts';
import { ACCOUNTS_PATH, accountPath } from './paths.ts';
import { ProblemOf } from './problem.tsx';

const COLUMNS: readonly Column<AccountView>[] = [
  {
    id: 'account',
    head: ACCOUNTS.account,
    isHead: true,
    cell: ({ account_id: id }) => (
      <a href={accountPath(id)}>
        <Foreign text={id} />
      </a>
    ),
  },
  { id: 'state', head: ACCOUNTS.state, cell: (account) => <Attention account={account} /> },
  { id: 'webhooks', head: ACCOUNTS.webhooks, isNumber: true, cell: ({ webhooks }) => number(webhooks) },
  { id: 'active', head: ACCOUNTS.active, isNumber: true, cell: ({ active }) => number(active) },
  {
    id: 'others',
    head: ACCOUNTS.others,
    cell: ({ pending, slow, disabled }) =>
      [
        ...(slow > 0 ? [ACCOUNTS.slow(slow)] : []),
        ...(pending > 0 ? [ACCOUNTS.pending(pending)] : []),
        ...(disabled > 0 ? [ACCOUNTS.disabled(disabled)] : []),
      ].join(', ') || ACCOUNTS.noOthers,
  },
];

export function Accounts() {
  useTitle(ACCOUNTS.title);
  const { query, withQuery } = useAddress();
  const { after, attention } = query;
  const parameters = new URLSearchParams({
    ...(after === undefined ? {} : { after }),
    ...(attention === '1' ? { attention } : {}),
  });
  // Not repeated by itself: each page is a scan.
  const list = useQuery(`accounts ${parameters}`, (signal) =>
    call<AccountsView>('GET', `accounts?${parameters}`, { signal }),
  );
  const { data } = list;
  return (
    <>
      <ScreenHead title={ACCOUNTS.title} />
      <OpenAccount />
      <nav class="actions" aria-label={ACCOUNTS.filter}>
        <FilterLink href={ACCOUNTS_PATH} isCurrent={attention !== '1'}>
          {ACCOUNTS.all}
        </FilterLink>
        <FilterLink href={`${ACCOUNTS_PATH}?attention=1`} isCurrent={attention === '1'}>
          {ACCOUNTS.attention}
        </FilterLink>
      </nav>
      <ProblemOf query={list} />
      {list.isLoading && <Loading rows={8} />}
      {data && (
        <>
          {data.accounts.length > 0 ? (
            <Table
              caption={ACCOUNTS.caption}
              columns={COLUMNS}
              rows={data.accounts}
              keyOf={({ account_id }) => account_id}
            />
          ) : (
            <EmptyState>{emptyText(data, after, attention)}</EmptyState>
          )}
          <Pager
            newer={after && withQuery({ after: undefined })}
            newerWord={ACCOUNTS.first}
            older={data.next === null ? undefined : withQuery({ after: data.next })}
            olderWord={ACCOUNTS.more}
          />
          <p class="secondary">{ACCOUNTS.cost(data.read_units, data.read_usd)}</p>
        </>
      )}
    </>
  );
}

function emptyText({ next }: AccountsView, after: string | undefined, attention: string | undefined): string {
  if (next !== null) return ACCOUNTS.emptyPage;
  if (attention === '1') return ACCOUNTS.noAttention;
  return after === undefined ? ACCOUNTS.empty : ACCOUNTS.emptyPage;
}

function FilterLink({ href, isCurrent, children }: { href: string; isCurrent: boolean; children: string }) {
  if (!isCurrent) return <a href={href}>{children}</a>;
  return (
    <a class="strong" href={href} aria-current="true">
      {children}
    </a>
  );
}

function Attention({ account }: { account: AccountView }) {
  const { failing, disabled_by_service: byService, verification_failed: notVerified } = account;
  if (failing + byService + notVerified === 0) return <Badge tone="quiet">{ACCOUNTS.nothing}</Badge>;
  return (
    <span class="actions">
      {failing > 0 && <StatusBadge status="failing">{ACCOUNTS.failing(failing)}</StatusBadge>}
      {byService > 0 && (
        <StatusBadge status="disabled_by_service">{ACCOUNTS.disabledByService(byService)}</StatusBadge>
      )}
      {notVerified > 0 && (
        <StatusBadge status="verification_failed">{ACCOUNTS.verificationFailed(notVerified)}</StatusBadge>
      )}
    </span>
  );
}

function OpenAccount() {
  const [id, setId] = useState('');
  const { go } = useAddress();
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        go(accountPath(encodeURIComponent(id.trim())));
      }}
    >
      <Field label={ACCOUNTS.id} hint={ACCOUNTS.idHint}>
        {(parts) => (
          <input
            {...parts}
            autocomplete="off"
            spellcheck={false}
            required
            pattern="\s*[A-Za-z0-9_\-]{1,64}\s*"
            value={id}
            onInput={(event) => setId(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="filled">
        {ACCOUNTS.openButton}
      </Button>
    </form>
  );
}
