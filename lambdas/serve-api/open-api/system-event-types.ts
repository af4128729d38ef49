import type { Catalogue, EventType, SystemEventType } from '../../shared/domain/catalogue.ts';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const count = { type: 'integer', minimum: 0 };

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
  'webhook.disabled': {
    description: 'A webhook was disabled. Its events are held until it is enabled again.',
    schema: objectOf({ webhook_id: text, original_event_id: text, reason: text }),
    example: {
      webhook_id: 'wh_123456',
      original_event_id: 'evt_123456788',
      reason: 'all its deliveries failed for five days',
    },
  },
};

export const SYSTEM_CATALOGUE: Catalogue = Object.entries(DESCRIPTIONS).map(([name, type]) => ({
  name,
  ...type,
}));

function objectOf(properties: Record<string, unknown>): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    required: Object.keys(properties),
  };
}
