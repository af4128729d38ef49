import { useMemo, useState } from 'preact/hooks';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Foreign, ForeignBlock } from '../../kit/foreign.tsx';
import { Notice, Section } from '../../kit/layout.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { prettyJson } from '../../parts/json-text.ts';
import { ATTEMPTS, REQUEST } from '../../texts/delivery.ts';
import type { Attempt, Delivery } from './cause.ts';
import { HeaderList, headerText } from './header-list.tsx';

type Request = NonNullable<Delivery['request']>;

/** The request as it was sent. Its headers differ by attempt. */
export function RequestSection({ request, attempts }: { request: Request; attempts: readonly Attempt[] }) {
  const { method, url, may_differ: mayDiffer, body, body_missing: missing } = request;
  return (
    <Section title={REQUEST.title}>
      <div class="list">
        <p>
          <code>
            {method} {url === null ? '' : <Foreign text={url} />}
          </code>{' '}
          {url === null && <span class="secondary">{REQUEST.noAddress}</span>}
        </p>
        {mayDiffer && (
          <Notice tone="info">
            <p>{REQUEST.mayDiffer}</p>
          </Notice>
        )}
        <Headers attempts={attempts} />
        <h3>{REQUEST.body}</h3>
        {body === null ? (
          <p class="secondary">{REQUEST.missing[missing ?? ''] ?? ''}</p>
        ) : (
          <Body body={body} />
        )}
      </div>
    </Section>
  );
}

function Body({ body }: { body: string }) {
  const pretty = useMemo(() => prettyJson(body), [body]);
  const tabs = [...(pretty === undefined ? [] : [['pretty', pretty] as const]), ['raw', body] as const].map(
    ([id, text]) => ({
      id,
      label: REQUEST[id],
      content: <ForeignBlock text={text} label={REQUEST.body} />,
    }),
  );
  return (
    <div class="with-corner">
      <Tabs label={REQUEST.body} tabs={tabs} />
      <CopyButton text={body} label={REQUEST.copyBody} />
    </div>
  );
}

function Headers({ attempts }: { attempts: readonly Attempt[] }) {
  const [chosen, choose] = useState<number>();
  const attempt = attempts.find(({ number }) => number === chosen) ?? attempts.at(-1);
  if (attempt === undefined) return null;
  const { headers } = attempt.request;
  return (
    <>
      <div class="section-head">
        <h3>{REQUEST.headers}</h3>
        <div class="actions">
          {attempts.length > 1 && (
            <select
              class="narrow-select"
              aria-label={REQUEST.headersOf}
              value={attempt.number}
              onChange={({ currentTarget: { value } }) => choose(Number(value))}
            >
              {attempts.toReversed().map(({ number }) => (
                <option key={number} value={number}>
                  {ATTEMPTS.number(number)}
                </option>
              ))}
            </select>
          )}
          <CopyButton text={headerText(headers)} label={REQUEST.copyHeaders} />
        </div>
      </div>
      <HeaderList headers={headers} label={ATTEMPTS.sentHeaders} />
      <p class="secondary">{REQUEST.headersNote}</p>
    </>
  );
}
