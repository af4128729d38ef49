import { ActionButton, Button } from '../../kit/button.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Notice } from '../../kit/layout.tsx';
import { Countdown } from '../../kit/time.tsx';
import { exactTime, sentence } from '../../texts/language.ts';
import { howToPass, VERIFICATION, whatHappened } from '../../texts/verification.ts';
import type { Attempt, Step } from './verification-step.ts';

interface StepNoticeProps {
  readonly id: string;
  readonly step: Step;
  readonly isSending: boolean;
  readonly onSendAgain: () => void;
  /** The next attempt begins now. */
  readonly onDue: () => void;
}

/** What the verification waits for, or why it failed, and what to do. */
export function StepNotice({ id, step, isSending, onSendAgain, onDue }: StepNoticeProps) {
  const again = (kind: 'filled' | 'plain') => (
    <ActionButton kind={kind} isBusy={isSending} onClick={onSendAgain}>
      {VERIFICATION.again}
    </ActionButton>
  );
  switch (step.kind) {
    case 'verified':
      return (
        <Notice
          tone="ok"
          role="status"
          title={VERIFICATION.verified}
          actions={
            <>
              <Button href={`/console/event-types?webhook=${id}`}>{VERIFICATION.test}</Button>
              <Button kind="filled" href={`/console/webhooks/${id}`}>
                {VERIFICATION.show}
              </Button>
            </>
          }
        >
          <p>{VERIFICATION.verifiedText}</p>
        </Notice>
      );
    case 'sent':
      return (
        <Notice tone="info" role="status" title={VERIFICATION.sent}>
          <p>{VERIFICATION.sentText}</p>
        </Notice>
      );
    case 'retrying': {
      const { attempt, nextAt } = step;
      return (
        <Notice
          tone="warn"
          role="status"
          title={VERIFICATION.retrying(attempt.number)}
          actions={again('plain')}
        >
          <Explained attempt={attempt} />
          <p>
            {nextAt === undefined ? (
              VERIFICATION.nextDue
            ) : (
              <>
                {VERIFICATION.nextIn} <Countdown until={nextAt} onEnd={onDue} />
              </>
            )}
          </p>
        </Notice>
      );
    }
    case 'failed': {
      const { attempt, reason } = step;
      return (
        <Notice tone="bad" role="status" title={VERIFICATION.failed} actions={again('filled')}>
          {attempt ? (
            <Explained attempt={attempt} />
          ) : (
            reason && (
              <p>
                <Foreign text={sentence(reason)} />
              </p>
            )
          )}
          <p>{VERIFICATION.failedText}</p>
        </Notice>
      );
    }
  }
}

function Explained({ attempt: { error, response, at } }: { attempt: Attempt }) {
  const status = response?.status;
  return (
    <p>
      {whatHappened(error, status)} {howToPass(error, status, exactTime(Date.parse(at)))}
    </p>
  );
}
