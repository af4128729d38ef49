import { Foreign } from '../../kit/foreign.tsx';

/** Names and values of headers; nothing when there are none. */
export function HeaderList({ headers, label }: { headers: Readonly<Record<string, string>>; label: string }) {
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  return (
    <dl class="facts headers" aria-label={label}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <Foreign text={name} />
          </dt>
          <dd>
            <code>
              <Foreign text={value} />
            </code>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** As they are written in a request. */
export function headerText(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
