import { useRef, useState } from 'preact/hooks';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { ErrorPanel, QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { ScreenHead, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { ReceiverCode } from '../../parts/receiver-code.tsx';
import { nameOf } from '../../parts/url-name.ts';
import { useTitle } from '../../shell/use-title.ts';
import { SHELL } from '../../texts/shell.ts';
import { VERIFICATION } from '../../texts/verification.ts';
import { verifyWebhook } from '../webhook/calls.ts';
import { Attempts } from './attempts.tsx';
import { readVerification, type VerificationState } from './calls.ts';
import { SecretNotice } from './secret-notice.tsx';
import { StepNotice } from './step-notice.tsx';
import { isEarlier, stepOf } from './verification-step.ts';

const CRUMBS = [{ href: '/console/webhooks', text: SHELL.webhooks }];
/** While a challenge has no result. */
const POLL_MS = 2_000;
/** When it failed: another person may send it again. */
const SLOW_POLL_MS = 15_000;

interface VerificationProps {
  readonly id: string;
  /** Undefined: it was shown before, and is not known any more. */
  readonly secret: string | undefined;
}

/** The challenge of a webhook: each attempt, what was answered and what was expected, until it passes. */
export function Verification({ id, secret }: VerificationProps) {
  const [seenId, setSeenId] = useState<string>();
  const notice = useRef<HTMLDivElement>(null);
  const [pollMs, setPollMs] = useState<number | undefined>(POLL_MS);
  const state = useQuery(`verification ${id}`, (signal) => readVerification(id, signal), { pollMs });
  const verify = useAction((_: undefined) => verifyWebhook(id));
  const step = state.data && stepOf(state.data, seenId);
  // The webhook is verified some milliseconds before the attempt is recorded.
  const isDelivered = state.data?.challenge?.status === 'delivered';
  const isOver = (step?.kind === 'verified' && isDelivered) || state.problem?.status === 404;
  const nextPollMs = isOver ? undefined : step?.kind === 'failed' ? SLOW_POLL_MS : POLL_MS;
  if (nextPollMs !== pollMs) setPollMs(nextPollMs);
  const url = state.data && (state.data.webhook.pending_url ?? state.data.webhook.url);
  const title = url === undefined ? VERIFICATION.untitled : VERIFICATION.title(nameOf(url));
  useTitle(title);

  async function sendAgain(): Promise<void> {
    const seen = state.data?.challenge?.id;
    if ((await verify.run(undefined)) === undefined) return;
    setSeenId(seen);
    // The clicked button is removed.
    notice.current?.focus();
    state.reload();
  }

  return (
    <>
      <ScreenHead
        title={<Foreign text={title} />}
        crumbs={CRUMBS}
        aside={state.data && <StatusBadge status={state.data.webhook.status} />}
        note={url && <Foreign text={url} />}
      />
      <QueryProblem query={state} />
      <SecretNotice id={id} secret={secret} isVerified={step?.kind === 'verified'} />
      {state.isLoading && <Loading rows={5} />}
      {state.data && step && (
        <>
          <div ref={notice} tabIndex={-1}>
            <StepNotice
              id={id}
              step={step}
              isSending={verify.isRunning}
              onSendAgain={() => void sendAgain()}
              onDue={state.reload}
            />
          </div>
          {verify.problem && <ErrorPanel problem={verify.problem} />}
          <Sections
            state={state.data}
            isEarlier={
              (step.kind === 'sent' && isEarlier(state.data, seenId)) ||
              (step.kind === 'verified' && !isDelivered)
            }
            isVerified={step.kind === 'verified'}
          />
        </>
      )}
    </>
  );
}

interface SectionsProps {
  readonly state: VerificationState;
  readonly isEarlier: boolean;
  readonly isVerified: boolean;
}

function Sections({ state: { challenge }, isEarlier, isVerified }: SectionsProps) {
  const attempts = challenge?.attempts ?? [];
  return (
    <>
      <Section title={VERIFICATION.attempts}>
        <div class="stack wide">
          <p class="secondary">{VERIFICATION.intro}</p>
          {attempts.length === 0 ? (
            <p>{VERIFICATION.noAttempts}</p>
          ) : (
            <>
              {isEarlier && <p>{VERIFICATION.earlier}</p>}
              <Attempts attempts={attempts} />
            </>
          )}
        </div>
      </Section>
      {!isVerified && (
        <Section title={VERIFICATION.receiver}>
          <div class="stack wide">
            <ReceiverCode />
            <p>
              {VERIFICATION.checker} <a href="/console/signature">{VERIFICATION.checkerLink}</a>
            </p>
          </div>
        </Section>
      )}
    </>
  );
}
