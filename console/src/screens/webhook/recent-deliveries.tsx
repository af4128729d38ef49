import type { components } from '../../api/schema.d.ts';
import type { Query } from '../../api/use-query.ts';
import { Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { EmptyState, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { WEBHOOK } from '../../texts/webhook.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import type { Webhook } from './calls.ts';

interface RecentDeliveriesProps {
  readonly webhook: Webhook;
  readonly list: Query<components['schemas']['DeliveryList']>;
}

export function RecentDeliveries({ webhook, list }: RecentDeliveriesProps) {
  return (
    <Section
      title={WEBHOOK.deliveries.title}
      actions={<Button href={`/console/webhooks/${webhook.id}/deliveries`}>{WEBHOOK.deliveries.all}</Button>}
    >
      <QueryProblem query={list} />
      {list.isLoading && <Loading rows={5} />}
      {list.data &&
        (list.data.data.length === 0 ? (
          <EmptyState>{WEBHOOK.deliveries.empty}</EmptyState>
        ) : (
          <DeliveryTable deliveries={list.data.data} isActive={webhook.status === 'active'} />
        ))}
    </Section>
  );
}
