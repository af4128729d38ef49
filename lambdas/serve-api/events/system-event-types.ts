import type { Catalogue, EventType, SystemEventType } from '../../shared/domain/catalogue.ts';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const count = { type: 'integer', minimum: 0 };
const orNull = ({ type, ...rest }: { type: string }) => ({ type: [type, 'null'], ...rest });

/** The system events, in the form of the operator's catalogue. */
const DESCRIPTIONS: Readonly<Record<SystemEventType, Omit<EventType, 'name'>>> = {
  'webhook.retry': {
    description:
      'An attempt failed and another one is scheduled. `retry_count` is the number of retries already made.',
    schema: objectOf({
      original_event_id: text,
      retry_count: count,
      next_retry_at: time,
      webhook_id: text,
      delivery_id: text,
    }),
    example: {
      original_event_id: 'evt_123456788',
      retry_count: 2,
      next_retry_at: '2024-01-15T10:30:30Z',
      webhook_id: 'wh_123456',
      delivery_id: 'dlv_123456789',
    },
  },
  'webhook.exhausted': {
    description:
      'A delivery ended without success: its last attempt failed, or no further attempt can succeed.',
    schema: objectOf({
      original_event_id: text,
      original_event_type: text,
      webhook_id: text,
      delivery_id: text,
      attempts: count,
      reason: text,
    }),
    example: {
      original_event_id: 'evt_123456788',
      original_event_type: 'ppt.generation.completed',
      webhook_id: 'wh_123456',
      delivery_id: 'dlv_123456789',
      attempts: 4,
      reason: 'the endpoint answered with status 500',
    },
  },
  'webhook.warned': {
    description:
      'Deliveries to a webhook keep failing: half of both thresholds is reached. The webhook is disabled when both ' +
      'values of `disable_after` are reached and no delivery has succeeded. Published once in a period of failures.',
    schema: objectOf({
      original_event_id: text,
      webhook_id: text,
      delivery_id: text,
      exhausted_in_row: count,
      failing_since: time,
      disable_after: objectOf({ exhausted: count, hours: { type: 'number', minimum: 0 } }, {}),
      reason: text,
    }),
    example: {
      original_event_id: 'evt_123456788',
      webhook_id: 'wh_123456',
      delivery_id: 'dlv_123456789',
      exhausted_in_row: 10,
      failing_since: '2024-01-15T10:30:00.000Z',
      disable_after: { exhausted: 20, hours: 1 },
      reason:
        '10 deliveries in a row were exhausted since 2024-01-15T10:30:00.000Z; the last one because the endpoint ' +
        'answered 500; 200 was expected',
    },
  },
  'webhook.disabled': {
    description:
      'This service disabled a webhook: its deliveries kept failing, or its endpoint asked for it. Its events are ' +
      'held until a customer enables it again. `failing_since` is null when the endpoint asked for it.',
    schema: objectOf({
      original_event_id: text,
      webhook_id: text,
      delivery_id: text,
      disabled_at: time,
      exhausted_in_row: orNull(count),
      failing_since: orNull(time),
      reason: text,
    }),
    example: {
      original_event_id: 'evt_123456788',
      webhook_id: 'wh_123456',
      delivery_id: 'dlv_123456789',
      disabled_at: '2024-01-15T11:30:10.000Z',
      exhausted_in_row: 20,
      failing_since: '2024-01-15T10:30:00.000Z',
      reason:
        '20 deliveries in a row were exhausted since 2024-01-15T10:30:00.000Z; the last one because the endpoint ' +
        'answered 500; 200 was expected',
    },
  },
};

export const SYSTEM_CATALOGUE: Catalogue = Object.entries(DESCRIPTIONS).map(([name, type]) => ({
  name,
  ...type,
}));

function objectOf(
  properties: Record<string, unknown>,
  more: Record<string, unknown> = { $schema: 'https://json-schema.org/draft/2020-12/schema' },
): Record<string, unknown> {
  return {
    ...more,
    type: 'object',
    properties,
    required: Object.keys(properties),
  };
}
