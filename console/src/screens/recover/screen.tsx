import '../../parts/parts.css';
import './recover.css';
import { useRef } from 'preact/hooks';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { ScreenHead } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import {
  isMissing,
  nameOf,
  useWebhook,
  type Webhook,
  WebhookMissing,
  WebhookState,
  webhookCrumbs,
  whyNothingIsSent,
} from '../../parts/webhook.tsx';
import { useRoute } from '../../shell/router.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { useTitle } from '../../shell/use-title.ts';
import { RECOVER, RECOVERY } from '../../texts/recover.ts';
import { presetFor } from './choice.ts';
import { Chooser } from './chooser.tsx';
import { Preview } from './preview.tsx';
import { RecoveriesSection, useRecoveries } from './recoveries.tsx';
import { RecoverySection } from './recovery.tsx';

/** Chooses, counts and starts; with `recovery` in the address it shows that one. */
export default function Recover() {
  const { id = '' } = useRoute().params;
  const { query } = useAddress();
  const webhook = useWebhook(id);
  const recoveries = useRecoveries(id);
  const startedId = useRef<string>(undefined);
  const name = nameOf(id, webhook.data);
  useTitle(query.recovery ? RECOVERY.titleOf(query.recovery) : RECOVER.titleOf(name));

  return (
    <>
      <ScreenHead
        title={query.recovery ? RECOVERY.title : RECOVER.title}
        crumbs={webhookCrumbs(id, webhook.data)}
      />
      {query.recovery ? (
        <RecoverySection
          key={query.recovery}
          id={query.recovery}
          takesFocus={startedId.current === query.recovery}
        />
      ) : isMissing(webhook) ? (
        <WebhookMissing />
      ) : (
        <>
          <p>{RECOVER.intro}</p>
          <QueryProblem query={webhook} />
          {webhook.isLoading && <Loading rows={4} />}
          <WebhookState query={webhook} id={id} />
          {webhook.data && (
            <Start
              webhook={webhook.data}
              onStart={(started) => {
                startedId.current = started;
                recoveries.reload();
              }}
            />
          )}
        </>
      )}
      {!isMissing(recoveries) && <RecoveriesSection recoveries={recoveries} shownId={query.recovery} />}
    </>
  );
}

function Start({ webhook, onStart }: { webhook: Webhook; onStart: (id: string) => void }) {
  const { withQuery, go } = useAddress();
  const preset = useRef(presetFor(webhook, Date.now())).current;
  return (
    <>
      <Chooser preset={preset} />
      <Preview
        webhookId={webhook.id}
        preset={preset}
        disabledReason={whyNothingIsSent(webhook)}
        onStart={(recovery, counted) => {
          onStart(recovery.id);
          go(withQuery({ recovery: recovery.id, of: String(counted) }));
        }}
      />
    </>
  );
}
