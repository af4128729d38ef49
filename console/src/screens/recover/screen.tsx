import '../../parts/parts.css';
import './recover.css';
import { useRef } from 'preact/hooks';
import { useQuery } from '../../api/use-query.ts';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { ScreenHead } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { type Health, readHealth } from '../../parts/health.ts';
import { hasPeriod, type PeriodQuery } from '../../parts/period.ts';
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
  const health = useHealthFor(id, query);
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
          {(webhook.isLoading || health.isLoading) && <Loading rows={4} />}
          <WebhookState query={webhook} id={id} />
          {webhook.data && !health.isLoading && (
            <Start
              webhook={webhook.data}
              recoverable={health.data?.recoverable}
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

/** The health, when there is something to choose and the address has no time. Null: it is not needed. */
function useHealthFor(id: string, query: PeriodQuery & { recovery?: string | undefined }) {
  const isNeeded = useRef(false);
  isNeeded.current ||= !query.recovery && !hasPeriod(query);
  const { current } = isNeeded;
  return useQuery(current ? `health ${id}` : '', async (signal) => (current ? readHealth(id, signal) : null));
}

interface StartProps {
  readonly webhook: Webhook;
  readonly recoverable: Health['recoverable'] | undefined;
  readonly onStart: (id: string) => void;
}

function Start({ webhook, recoverable, onStart }: StartProps) {
  const { withQuery, go } = useAddress();
  const preset = useRef(presetFor(webhook, recoverable, Date.now())).current;
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
