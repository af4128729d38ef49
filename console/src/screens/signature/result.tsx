import { Badge } from '../../kit/badge.tsx';
import type { IconName } from '../../kit/icon.tsx';
import { Notice } from '../../kit/layout.tsx';
import { Time } from '../../kit/time.tsx';
import {
  BODY_TEXTS,
  PARTS,
  SECRET_TEXTS,
  SIGNATURE,
  STATE_WORDS,
  TIMESTAMP_TEXTS,
} from '../../texts/signature.ts';
import type { Report } from './check-signature.ts';
import { type PartTone, tonesOf, verdictOf } from './verdict.ts';

const ICONS: Record<PartTone, IconName> = { ok: 'check', warn: 'alert', bad: 'cross', quiet: 'dots' };

export function Result({ report }: { report: Report }) {
  if (report.kind !== 'checked') {
    const isMasked = report.kind === 'masked';
    return (
      <Notice tone="bad" title={isMasked ? SIGNATURE.maskedTitle : SIGNATURE.noSignatureTitle}>
        <p>{isMasked ? SIGNATURE.masked : SIGNATURE.noSignature}</p>
      </Notice>
    );
  }
  const { title, tone } = verdictOf(report);
  const tones = tonesOf(report);
  const { signedAt } = report;
  return (
    <div class="check-result">
      <Notice tone={tone} title={title}>
        {signedAt !== undefined && tone === 'ok' && (
          <p>
            {SIGNATURE.signed} <Time at={new Date(signedAt).toISOString()} />
          </p>
        )}
      </Notice>
      <Part name={PARTS.secret} tone={tones.secret} text={SECRET_TEXTS[report.secret]} />
      <Part name={PARTS.timestamp} tone={tones.timestamp} text={TIMESTAMP_TEXTS[report.timestamp]} />
      <Part name={PARTS.body} tone={tones.body} text={BODY_TEXTS[report.body]} />
    </div>
  );
}

function Part({ name, tone, text }: { name: string; tone: PartTone; text: string }) {
  return (
    <div class="check-part">
      <h3>{name}</h3>
      <Badge tone={tone} icon={ICONS[tone]}>
        {STATE_WORDS[tone]}
      </Badge>
      <p>{text}</p>
    </div>
  );
}
