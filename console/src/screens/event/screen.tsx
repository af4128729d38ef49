import '../../parts/parts.css';
import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../kit/button.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign, ForeignBlock } from '../../kit/foreign.tsx';
import { EmptyState, Facts, ScreenHead, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Time } from '../../kit/time.tsx';
import { isMissing } from '../../parts/webhook.tsx';
import { useRoute } from '../../shell/router.tsx';
import { useTitle } from '../../shell/use-title.ts';
import { EVENT } from '../../texts/event.ts';
import { WEBHOOK } from '../../texts/webhook-name.ts';
import { currentOf, pollMsOf, prettyData, type ReadEvent, readEventText } from './outcome.ts';
import { DeliveryTable, NotMatchedSection } from './tables.tsx';
import { useWebhooks } from './use-names.ts';

/** An event that was published just now is dispatched within seconds. */
const MISSING_MS = 5_000;

export default function EventScreen() {
  const { id = '' } = useRoute().params;
  useTitle(EVENT.titleOf(id));
  const query = useQuery(
    `event ${id}`,
    async (signal) => {
      const params = { path: { event_id: id } };
      return readEventText(
        await bodyOf(api.GET('/v1/events/{event_id}', { params, parseAs: 'text', signal })),
      );
    },
    { pollMs: (event) => (event === undefined ? MISSING_MS : pollMsOf(event.deliveries)) },
  );
  return (
    <>
      <ScreenHead
        title={<Foreign text={EVENT.titleOf(id)} />}
        note={query.data && <Foreign text={query.data.type} />}
        crumbs={[{ href: '/console/webhooks', text: WEBHOOK.webhooks }]}
      />
      {query.isLoading && <Loading rows={6} />}
      {isMissing(query) ? (
        <EmptyState action={<Button href="/console/webhooks">{WEBHOOK.showWebhooks}</Button>}>
          {EVENT.missing}
        </EmptyState>
      ) : (
        <QueryProblem query={query} />
      )}
      {query.data && <Event event={query.data} />}
    </>
  );
}

function Event({ event }: { event: ReadEvent }) {
  const { deliveries, not_matched: notMatched } = event;
  const webhooks = useWebhooks([...deliveries, ...notMatched].map(({ webhook_id: id }) => id));
  const current = currentOf(deliveries);
  const delivered = current.filter(({ status }) => status === 'delivered').length;
  const isTest = deliveries.some(({ trigger }) => trigger === 'test');
  return (
    <>
      <Section title={EVENT.deliveries}>
        {current.length === 0 ? (
          <p>{notMatched.length > 0 ? EVENT.none : EVENT.noneAtAll}</p>
        ) : (
          <div class="list">
            <p>{EVENT.summary(delivered, current.length)}</p>
            <DeliveryTable deliveries={deliveries} webhooks={webhooks} />
          </div>
        )}
      </Section>
      {notMatched.length > 0 && <NotMatchedSection entries={notMatched} webhooks={webhooks} />}
      {isTest && <p class="secondary">{EVENT.test}</p>}
      <Section title={EVENT.data}>
        <div class="list">
          <ForeignBlock text={prettyData(event)} label={EVENT.dataOf} />
          <CopyButton text={event.dataText} label={EVENT.copyData} />
        </div>
      </Section>
      <EventFacts event={event} />
    </>
  );
}

function EventFacts({ event: { id, type, created } }: { event: ReadEvent }) {
  const facts = [
    {
      label: EVENT.id,
      value: (
        <span class="with-copy">
          <code>
            <Foreign text={id} />
          </code>{' '}
          <CopyButton text={id} label={EVENT.copyId} />
        </span>
      ),
    },
    { label: EVENT.type, value: <Foreign text={type} /> },
    { label: EVENT.created, value: Number.isNaN(Date.parse(created)) ? created : <Time at={created} /> },
  ];
  return (
    <Section title={EVENT.facts}>
      <Facts facts={facts} />
    </Section>
  );
}
