/** One type of event, as the operator's catalogue file describes it. */
export interface EventType {
  /** Dotted lower-case name, such as `ppt.generation.completed`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the event's `data`. It is documentation for customers: events are not validated with it. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** An example of the event's `data`. A test event contains it. */
  readonly example: Readonly<Record<string, unknown>>;
}

export type Catalogue = readonly EventType[];

/** Events that this system publishes about its own deliveries. Webhooks subscribe to them by name or with `webhook.*`. */
export const SYSTEM_EVENT_TYPES = [
  'webhook.retry',
  'webhook.exhausted',
  'webhook.warned',
  'webhook.disabled',
] as const;
export type SystemEventType = (typeof SYSTEM_EVENT_TYPES)[number];

/** The first segment of the names of system events. No type of a catalogue may begin with it. */
export const RESERVED_SEGMENT = 'webhook';

/** The type in the header and body of a request with a challenge. No webhook can subscribe to it. */
export const VERIFICATION_TYPE = 'webhook.verification';

/** Two or more dot-separated segments; 128 characters is EventBridge's limit for a detail type. */
const EVENT_TYPE_NAME = /^(?=.{3,128}$)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

export function isEventTypeName(name: string): boolean {
  return EVENT_TYPE_NAME.test(name);
}

export function isSystemEventType(name: string): name is SystemEventType {
  return (SYSTEM_EVENT_TYPES as readonly string[]).includes(name);
}

export function isReservedTypeName(name: string): boolean {
  return name.split('.', 1)[0] === RESERVED_SEGMENT;
}
