import { CopyButton } from '../../kit/copy-button.tsx';
import { Notice } from '../../kit/layout.tsx';
import { VERIFICATION } from '../../texts/verification.ts';

interface SecretNoticeProps {
  readonly id: string;
  readonly secret: string | undefined;
  readonly isVerified: boolean;
}

/** The secret, as long as this page has it. */
export function SecretNotice({ id, secret, isVerified }: SecretNoticeProps) {
  if (secret !== undefined) {
    return (
      <Notice
        tone="warn"
        title={VERIFICATION.secretOnce}
        actions={<CopyButton text={secret} label={VERIFICATION.copySecret} />}
      >
        <p>
          <code>{secret}</code>
        </p>
        <p>{VERIFICATION.secretText}</p>
      </Notice>
    );
  }
  if (isVerified) return null;
  return (
    <p class="secondary">
      {VERIFICATION.secretGone} <a href={`/console/webhooks/${id}`}>{VERIFICATION.secretSettings}</a>
    </p>
  );
}
