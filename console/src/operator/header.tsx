import type { ComponentChildren } from 'preact';
import type { DeploymentView } from '../../../command/console/views.ts';
import { useQuery } from '../api/use-query.ts';
import { Badge } from '../kit/badge.tsx';
import { Button } from '../kit/button.tsx';
import { Foreign } from '../kit/foreign.tsx';
import { currentSession, isReadOnly } from '../session/session.ts';
import { useLocation } from '../shell/router.tsx';
import { useAddress } from '../shell/use-address.ts';
import { OPERATOR } from '../texts/operator.ts';
import { call } from './client.ts';
import { chooseAccount } from './operator-session.ts';
import { ACCOUNTS_PATH, ALARMS_PATH, QUEUES_PATH } from './paths.ts';

const LINKS = [
  { href: ACCOUNTS_PATH, text: OPERATOR.accounts },
  { href: QUEUES_PATH, text: OPERATOR.queues },
  { href: ALARMS_PATH, text: OPERATOR.alarms },
] as const;

/** The operators' screens, and in a second line those of the chosen account. `children`: the customers' navigation. */
export function Header({ children }: { children: ComponentChildren }) {
  const session = currentSession();
  return (
    <header>
      <div class="bar">
        <a class="product" href={ACCOUNTS_PATH}>
          {OPERATOR.product}
        </a>
        {session !== undefined && (
          <>
            <Navigation />
            <Deployment />
          </>
        )}
      </div>
      {session !== undefined && session.account_id !== '' && (
        <div class="bar">
          {children}
          <Account accountId={session.account_id} />
        </div>
      )}
    </header>
  );
}

function Navigation() {
  const { path } = useLocation();
  return (
    <nav aria-label={OPERATOR.navigation}>
      <ul>
        {LINKS.map(({ href, text }) => (
          <li key={href}>
            <a href={href} aria-current={currentOf(path, href)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** `page` for the screen itself, `true` for a screen below it. */
function currentOf(path: string, href: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return path.startsWith(`${href}/`) ? 'true' : undefined;
}

function Account({ accountId }: { accountId: string }) {
  const { go } = useAddress();
  return (
    <div class="account">
      <span>
        <span class="secondary">{OPERATOR.account} </span>
        <Foreign text={accountId} />
      </span>
      <Button
        onClick={() => {
          chooseAccount('');
          go(ACCOUNTS_PATH);
        }}
      >
        {OPERATOR.leave}
      </Button>
    </div>
  );
}

function Deployment() {
  const { data } = useQuery('deployment', (signal) => call<DeploymentView>('GET', 'deployment', { signal }));
  return (
    <div class="account">
      {isReadOnly() && (
        <Badge tone="info" icon="lock">
          {OPERATOR.readOnly}
        </Badge>
      )}
      {data && <Foreign text={data.stack ?? OPERATOR.localCloud} />}
    </div>
  );
}
