import { useEffect } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { EmptyState, ScreenHead } from '../kit/layout.tsx';
import { Loading } from '../kit/loading.tsx';
import { useRoute } from '../shell/router.tsx';
import { useAddress } from '../shell/use-address.ts';
import { useTitle } from '../shell/use-title.ts';
import { ACCOUNTS, OPERATOR } from '../texts/operator.ts';
import { chooseAccount } from './operator-session.ts';
import { ACCOUNTS_PATH, OPERATOR_PATHS } from './paths.ts';

const ACCOUNT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Chooses the account of the address, and shows its screen. */
export function EnterAccount() {
  const { id = '' } = useRoute().params;
  const { query, go } = useAddress();
  const { to = '' } = query;
  const isValid = ACCOUNT_ID.test(id);
  useTitle(ACCOUNTS.open);
  useEffect(() => {
    if (!isValid) return;
    chooseAccount(id);
    go(isScreenOfAccount(to) ? to : '/console/webhooks', true);
  }, [id]);
  if (isValid) return <Loading rows={6} />;
  return (
    <>
      <ScreenHead title={ACCOUNTS.open} crumbs={[{ href: ACCOUNTS_PATH, text: ACCOUNTS.title }]} />
      <EmptyState action={<Button href={ACCOUNTS_PATH}>{OPERATOR.toAccounts}</Button>}>
        {ACCOUNTS.idInvalid(id)}
      </EmptyState>
    </>
  );
}

function isScreenOfAccount(address: string): boolean {
  return address.startsWith('/console/') && !address.startsWith(OPERATOR_PATHS);
}
