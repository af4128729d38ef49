import { useAction } from '../api/use-action.ts';
import { Badge } from '../kit/badge.tsx';
import { Button } from '../kit/button.tsx';
import { ErrorPanel } from '../kit/error-panel.tsx';
import { Foreign } from '../kit/foreign.tsx';
import { isReadOnly, sessionState, signOut } from '../session/session.ts';
import { SHELL } from '../texts/shell.ts';
import { operators } from './operators.ts';
import { useLocation } from './router.tsx';

const LINKS = [
  { href: '/console/webhooks', text: SHELL.webhooks, also: '/console/events' },
  { href: '/console/event-types', text: SHELL.eventTypes, also: undefined },
  { href: '/console/signature', text: SHELL.signature, also: undefined },
  { href: '/console/developers', text: SHELL.developers, also: undefined },
] as const;

export function Header() {
  const state = sessionState.value;
  const OfOperators = operators()?.Header;
  if (OfOperators) {
    return (
      <OfOperators>
        <Navigation />
      </OfOperators>
    );
  }
  return (
    <header>
      <div class="bar">
        <a class="product" href="/console/webhooks">
          {SHELL.product}
        </a>
        {state.kind === 'active' && (
          <>
            <Navigation />
            <Account accountId={state.session.account_id} />
          </>
        )}
      </div>
    </header>
  );
}

function Navigation() {
  const { path } = useLocation();
  return (
    <nav aria-label={SHELL.navigation}>
      <ul>
        {LINKS.map(({ href, text, also }) => (
          <li key={href}>
            <a href={href} aria-current={currentOf(path, href, also)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** `page` for the screen itself, `true` for a screen below it. */
function currentOf(path: string, href: string, also: string | undefined): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return path.startsWith(`${href}/`) || (also && path.startsWith(`${also}/`)) ? 'true' : undefined;
}

function Account({ accountId }: { accountId: string }) {
  const leave = useAction(() => signOut());
  return (
    <div class="account">
      {leave.problem && <ErrorPanel problem={leave.problem} />}
      {isReadOnly() && (
        <Badge tone="info" icon="lock">
          {SHELL.readOnly}
        </Badge>
      )}
      <span>
        <span class="hidden">{SHELL.account} </span>
        <Foreign text={accountId} />
      </span>
      <Button isBusy={leave.isRunning} onClick={() => void leave.run(undefined)}>
        {SHELL.signOut}
      </Button>
    </div>
  );
}
