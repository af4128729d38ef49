import '../../parts/parts.css';
import './screen.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Field } from '../../kit/field.tsx';
import { EmptyState, Notice, ScreenHead, Section } from '../../kit/layout.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { useTitle } from '../../shell/use-title.ts';
import { SIGNATURE } from '../../texts/signature.ts';
import { checkSignature, type Report } from './check-signature.ts';
import { makeExample } from './example.ts';
import { canSign } from './hmac.ts';
import { readHeaders } from './read-headers.ts';
import { Result } from './result.tsx';

const NOTHING = { headers: '', body: '', secret: '' };

export default function Signature() {
  useTitle(SIGNATURE.title);
  const [pasted, setPasted] = useState(NOTHING);
  const [report, setReport] = useState<Report>();
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (report !== undefined) result.current?.focus();
  }, [report]);

  /** A result belongs to what was checked: it is removed when that changes. */
  function change(next: typeof NOTHING): void {
    setPasted(next);
    setReport(undefined);
  }
  async function check(): Promise<void> {
    setReport(await checkSignature({ ...pasted, headers: readHeaders(pasted.headers) }, Date.now()));
  }

  return (
    <>
      <ScreenHead title={SIGNATURE.title} />
      <p>{SIGNATURE.intro}</p>
      {canSign() ? (
        <PasteForm pasted={pasted} onChange={change} onCheck={() => void check()} />
      ) : (
        <Notice tone="warn" title={SIGNATURE.noCryptoTitle}>
          <p>{SIGNATURE.noCrypto}</p>
        </Notice>
      )}
      {canSign() && (
        <Section title={SIGNATURE.result}>
          <div ref={result} tabIndex={-1} class="focus-target" role="status">
            {report && <Result report={report} />}
          </div>
          {!report && (
            <EmptyState
              action={
                <Button onClick={() => void makeExample(Date.now()).then(change)}>{SIGNATURE.example}</Button>
              }
            >
              {SIGNATURE.empty}
            </EmptyState>
          )}
        </Section>
      )}
    </>
  );
}

type FieldName = keyof typeof NOTHING;

interface PasteFormProps {
  readonly pasted: typeof NOTHING;
  readonly onChange: (pasted: typeof NOTHING) => void;
  readonly onCheck: () => void;
}

function PasteForm({ pasted, onChange, onCheck }: PasteFormProps) {
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const errorOf = (name: FieldName): string | undefined =>
    isTried && pasted[name] === '' ? SIGNATURE.missing[name] : undefined;
  const inputOf = (name: FieldName) => ({
    name,
    spellcheck: false,
    autocomplete: 'off',
    autocapitalize: 'off' as const,
    value: pasted[name],
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...pasted, [name]: currentTarget.value }),
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    setTried(true);
    const missing = (Object.keys(NOTHING) as FieldName[]).find((name) => pasted[name] === '');
    if (missing === undefined) onCheck();
    else form.current?.querySelector<HTMLElement>(`[name=${missing}]`)?.focus();
  }

  return (
    <form class="check-form" ref={form} noValidate onSubmit={submit}>
      <Field label={SIGNATURE.headers} hint={SIGNATURE.headersHint} error={errorOf('headers')}>
        {(parts) => <textarea {...parts} {...inputOf('headers')} rows={9} />}
      </Field>
      <Field label={SIGNATURE.body} hint={SIGNATURE.bodyHint} error={errorOf('body')}>
        {(parts) => <textarea {...parts} {...inputOf('body')} rows={9} />}
      </Field>
      <SecretField
        label={SIGNATURE.secret}
        hint={SIGNATURE.secretHint}
        error={errorOf('secret')}
        value={pasted.secret}
        onInput={(secret) => onChange({ ...pasted, secret })}
      />
      <div class="whole">
        <Button kind="filled" type="submit">
          {SIGNATURE.check}
        </Button>
      </div>
    </form>
  );
}
