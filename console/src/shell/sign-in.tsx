import { useEffect, useRef, useState } from 'preact/hooks';
import { useAction } from '../api/use-action.ts';
import { Button } from '../kit/button.tsx';
import { ErrorPanel } from '../kit/error-panel.tsx';
import { Field } from '../kit/field.tsx';
import { Loading } from '../kit/loading.tsx';
import { exchangeCode, sessionState, signInWithKey } from '../session/session.ts';
import { SESSION } from '../texts/session.ts';
import { useTitle } from './use-title.ts';

/** In place of the screen when there is no session. The address stays. */
export function SignIn() {
  const state = sessionState.value;
  if (state.kind === 'confirm') return <Confirm />;
  if (state.kind === 'none') return <NoSession />;
  return (
    <div class="narrow">
      <p>{SESSION.starting}</p>
      <Loading />
    </div>
  );
}

function Confirm() {
  useTitle(SESSION.confirmTitle);
  const state = sessionState.value;
  if (state.kind !== 'confirm') return null;
  return (
    <div class="narrow">
      <h1>{SESSION.confirmTitle}</h1>
      {state.problem && <ErrorPanel problem={state.problem} />}
      <p>{SESSION.confirm}</p>
      <Button kind="filled" onClick={() => void exchangeCode(state.code)}>
        {SESSION.continue}
      </Button>
    </div>
  );
}

function NoSession() {
  const state = sessionState.value;
  const why = state.kind === 'none' ? state.why : 'first';
  useTitle(SESSION.title[why]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (why !== 'first') heading.current?.focus();
  }, [why]);
  if (state.kind !== 'none') return null;

  const { problem, returnUrl } = state;
  return (
    <div class="narrow">
      <h1 ref={heading} tabIndex={-1}>
        {SESSION.title[why]}
      </h1>
      {why !== 'refused' && <p>{SESSION.text[why]}</p>}
      {problem &&
        (SESSION.refused[problem.kind] ? (
          <p>{SESSION.refused[problem.kind]}</p>
        ) : (
          <ErrorPanel problem={problem} />
        ))}
      {isWebAddress(returnUrl) ? (
        // In a frame, this link opens the operator's page in place of the embedding page.
        <p>
          <a class="button filled" href={returnUrl} target="_top">
            {SESSION.newLink}
          </a>
        </p>
      ) : (
        why !== 'first' && <p>{SESSION.noReturn}</p>
      )}
      <KeyForm />
    </div>
  );
}

function isWebAddress(address: string | undefined): address is string {
  return /^https?:\/\//i.test(address ?? '');
}

function KeyForm() {
  const [key, setKey] = useState('');
  const signIn = useAction(signInWithKey);
  const isRefused = signIn.problem?.status === 401 || signIn.problem?.status === 400;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn.run(key.trim());
      }}
    >
      <h2>{SESSION.orKey}</h2>
      <Field label={SESSION.key} hint={SESSION.keyHint} error={isRefused && SESSION.keyRefused}>
        {(parts) => (
          <input
            {...parts}
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        )}
      </Field>
      {signIn.problem && !isRefused && <ErrorPanel problem={signIn.problem} />}
      <Button type="submit" isBusy={signIn.isRunning}>
        {SESSION.signIn}
      </Button>
    </form>
  );
}
