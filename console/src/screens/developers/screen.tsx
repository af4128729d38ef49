import { CodeBlock } from '../../kit/code-block.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Facts, ScreenHead, Section } from '../../kit/layout.tsx';
import { ReceiverCode } from '../../parts/receiver-code.tsx';
import { apiOrigin } from '../../shell/operators.ts';
import { useTitle } from '../../shell/use-title.ts';
import { DEVELOPERS } from '../../texts/developers.ts';

/** The console is served on the API's origin. */
const BASE_URL = `${apiOrigin}/v1`;
const OPEN_API = '/v1/openapi.json';

const TRY = `curl ${BASE_URL}/webhooks -H "Authorization: Bearer $WEBHOOK_API_KEY"`;
const LISTEN = `WEBHOOK_API_KEY='whk_…' npx webhook-fanout listen --forward-to http://localhost:3000/ --events '*' --api-url ${apiOrigin}`;

export default function Developers() {
  useTitle(DEVELOPERS.title);
  return (
    <>
      <ScreenHead title={DEVELOPERS.title} />
      <Section title={DEVELOPERS.api}>
        <div class="stack wide">
          <Facts
            facts={[
              {
                label: DEVELOPERS.baseUrl,
                value: (
                  <span class="copy wrap">
                    <code>{BASE_URL}</code>
                    <CopyButton text={BASE_URL} label={DEVELOPERS.copyBaseUrl} />
                  </span>
                ),
              },
              {
                label: DEVELOPERS.openApi,
                value: (
                  <>
                    <a href={OPEN_API}>{DEVELOPERS.openApiLink}</a>
                    <p class="secondary">{DEVELOPERS.openApiText}</p>
                  </>
                ),
              },
              { label: DEVELOPERS.key, value: DEVELOPERS.keyText },
            ]}
          />
          <CodeBlock code={TRY} label={DEVELOPERS.try} copyLabel={DEVELOPERS.copyTry} />
        </div>
      </Section>
      <Section title={DEVELOPERS.verify}>
        <div class="stack wide">
          <p>{DEVELOPERS.verifyText}</p>
          <ul class="bullets">
            {DEVELOPERS.verifyRules.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
          <ReceiverCode />
          <p>
            {DEVELOPERS.checker} <a href="/console/signature">{DEVELOPERS.checkerLink}</a>
          </p>
        </div>
      </Section>
      <Section title={DEVELOPERS.listen}>
        <div class="stack wide">
          <p>{DEVELOPERS.listenText}</p>
          <CodeBlock code={LISTEN} label={DEVELOPERS.listenLabel} copyLabel={DEVELOPERS.copyListen} />
        </div>
      </Section>
    </>
  );
}
