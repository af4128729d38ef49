import type { components } from '../../api/schema.d.ts';
import { memberText, prettyJson } from '../../parts/json-text.ts';

export type EventDetails = components['schemas']['EventDetails'];
export type EventDelivery = EventDetails['deliveries'][number];

/** The event and the exact text of its data: a parser rounds large numbers. */
export interface ReadEvent extends EventDetails {
  readonly dataText: string;
}

const QUEUED_MS = 2_000;
const RETRYING_MS = 10_000;

export function readEventText(text: string): ReadEvent {
  return { ...(JSON.parse(text) as EventDetails), dataText: memberText(text, 'data') ?? '' };
}

export function prettyData({ dataText }: ReadEvent): string {
  return prettyJson(dataText) ?? dataText;
}

/** The current state for each webhook: its last entry. */
export function currentOf(deliveries: readonly EventDelivery[]): EventDelivery[] {
  return [...new Map(deliveries.map((delivery) => [delivery.webhook_id, delivery])).values()];
}

/** When the event is read again; undefined when every delivery has ended. */
export function pollMsOf(deliveries: readonly EventDelivery[]): number | undefined {
  const current = currentOf(deliveries);
  if (current.some(({ status }) => status === 'queued')) return QUEUED_MS;
  return current.some(({ status }) => status === 'retrying') ? RETRYING_MS : undefined;
}
