import type { ComponentChildren } from 'preact';
import { Button } from '../kit/button.tsx';
import { EmptyState, ScreenHead } from '../kit/layout.tsx';
import { Loading } from '../kit/loading.tsx';
import { sessionState } from '../session/session.ts';
import { Screen } from '../shell/screen.tsx';
import { useTitle } from '../shell/use-title.ts';
import { OPERATOR } from '../texts/operator.ts';
import { Accounts } from './accounts.tsx';
import { Alarms } from './alarms.tsx';
import { EnterAccount } from './enter-account.tsx';
import { ACCOUNTS_PATH, ALARMS_PATH, OPERATOR_PATHS, QUEUES_PATH } from './paths.ts';
import { Queue } from './queue.tsx';
import { Queues } from './queues.tsx';

const SCREENS = [
  { path: ACCOUNTS_PATH, component: Accounts },
  { path: `${ACCOUNTS_PATH}/:id`, component: EnterAccount },
  { path: QUEUES_PATH, component: Queues },
  { path: `${QUEUES_PATH}/:queue`, component: Queue },
  { path: ALARMS_PATH, component: Alarms },
];

/** `children`: the customers' screens, which need an account. */
export function Main({ path, children }: { path: string; children: ComponentChildren }) {
  const state = sessionState.value;
  if (state.kind === 'starting') return <Starting />;
  if (state.kind !== 'active') return <Closed />;
  if (path.startsWith(OPERATOR_PATHS)) return <Screen path={path} screens={SCREENS} />;
  return state.session.account_id === '' ? <ChooseFirst /> : children;
}

/** Another tab is asked for the token. */
function Starting() {
  return (
    <div class="narrow">
      <p>{OPERATOR.starting}</p>
      <Loading />
    </div>
  );
}

function Closed() {
  useTitle(OPERATOR.closedTitle);
  return (
    <div class="narrow">
      <h1>{OPERATOR.closedTitle}</h1>
      <p>{OPERATOR.closed}</p>
    </div>
  );
}

function ChooseFirst() {
  useTitle(OPERATOR.chooseTitle);
  return (
    <>
      <ScreenHead title={OPERATOR.chooseTitle} />
      <EmptyState action={<Button href={ACCOUNTS_PATH}>{OPERATOR.toAccounts}</Button>}>
        {OPERATOR.choose}
      </EmptyState>
    </>
  );
}
