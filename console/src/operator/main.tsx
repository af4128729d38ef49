import type { ComponentChildren } from 'preact';
import { Route, Router } from 'preact-iso/router';
import { Button } from '../kit/button.tsx';
import { EmptyState, ScreenHead } from '../kit/layout.tsx';
import { Loading } from '../kit/loading.tsx';
import { sessionState } from '../session/session.ts';
import { NotFound } from '../shell/fallbacks.tsx';
import { useTitle } from '../shell/use-title.ts';
import { OPERATOR } from '../texts/operator.ts';
import { Accounts } from './accounts.tsx';
import { Alarms } from './alarms.tsx';
import { EnterAccount } from './enter-account.tsx';
import { ACCOUNTS_PATH, ALARMS_PATH, OPERATOR_PATHS, QUEUES_PATH } from './paths.ts';
import { Queue } from './queue.tsx';
import { Queues } from './queues.tsx';

/** `children`: the customers' screens, which need an account. */
export function Main({ path, children }: { path: string; children: ComponentChildren }) {
  const state = sessionState.value;
  if (state.kind === 'starting') return <Starting />;
  if (state.kind !== 'active') return <Closed />;
  if (path.startsWith(OPERATOR_PATHS)) return <Screens />;
  return state.session.account_id === '' ? <ChooseFirst /> : children;
}

function Screens() {
  return (
    <Router>
      <Route path={ACCOUNTS_PATH} component={Accounts} />
      <Route path={`${ACCOUNTS_PATH}/:id`} component={EnterAccount} />
      <Route path={QUEUES_PATH} component={Queues} />
      <Route path={`${QUEUES_PATH}/:queue`} component={Queue} />
      <Route path={ALARMS_PATH} component={Alarms} />
      <Route default component={NotFound} />
    </Router>
  );
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
