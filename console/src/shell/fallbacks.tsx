import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { EmptyState, Notice, ScreenHead } from '../kit/layout.tsx';
import { SHELL } from '../texts/shell.ts';
import { useTitle } from './use-title.ts';

export function NotFound() {
  useTitle(SHELL.notFoundTitle);
  return (
    <>
      <ScreenHead title={SHELL.notFoundTitle} />
      <EmptyState action={<Button href="/console/webhooks">{SHELL.toWebhooks}</Button>}>
        {SHELL.notFound}
      </EmptyState>
    </>
  );
}

/** Shows an error of a screen instead of the screen. */
export function CrashGuard({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary((cause) => console.error(cause));
  return error === undefined ? children : <Crashed error={error} />;
}

function Crashed({ error }: { error: unknown }) {
  useTitle(SHELL.crashedTitle);
  return (
    <>
      <ScreenHead title={SHELL.crashedTitle} />
      <Notice
        tone="bad"
        role="alert"
        actions={<Button onClick={() => location.reload()}>{SHELL.reload}</Button>}
      >
        <p>{SHELL.crashed}</p>
        <p class="secondary">{String(error)}</p>
      </Notice>
    </>
  );
}
