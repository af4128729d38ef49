/**
 * One action of a publisher, a customer or an operator. `at`: milliseconds from the start. A new kind does not compile
 * until `perform-action.ts` performs it. `chaos/generate/actions.ts` adds it to the random scenarios.
 */
export type UserAction = { readonly at: number } & (
  | PublishAction
  /** An event that can never be dispatched. */
  | { readonly do: 'publish_invalid'; readonly account: number }
  | { readonly do: ApiRequest; readonly webhook: number }
  | { readonly do: Corruption; readonly webhook: number }
  | RotateAction
  | ResendAction
  | RecoverAction
  /** A customer stops the recovery of this webhook that was started last. */
  | { readonly do: 'stop_recovery'; readonly webhook: number }
  /** An operator redrives the exhausted queue. */
  | { readonly do: 'redrive'; readonly to: LaneName }
  /** Another program sends a message that no lane can read. */
  | { readonly do: 'poison'; readonly queue: LaneName; readonly as: UnreadableMessage }
  /** The backend of a product requests a link to the console from the portal function. */
  | { readonly do: 'create_link'; readonly account: number }
  /** A browser loads the page of the console. */
  | { readonly do: 'load_console' }
);

export interface PublishAction {
  readonly do: 'publish';
  readonly account: number;
  /** The publisher's id is `evt_<event>`: published again, it is the same event. */
  readonly event: number;
  readonly type: (typeof EVENT_TYPES)[number];
  /** 0 to 2, each with other content. 2: long; several such events fill a batch, and the store compresses them. */
  readonly body: number;
}

/** A customer rotates the signing secret of a webhook. */
export interface RotateAction {
  readonly do: 'rotate';
  readonly webhook: number;
  /** `first`: that of the webhook at the start. Absent: the API generates one. */
  readonly secret?: (typeof GIVEN_SECRETS)[number];
  /** Default: a day. */
  readonly graceSeconds?: number;
  /** Sent as `Idempotency-Key`. Absent: no such header. */
  readonly key?: number;
}

export const GIVEN_SECRETS = ['first', 'other'] as const;

/** A customer sends a delivery of a webhook again. */
export interface ResendAction {
  readonly do: 'resend';
  readonly webhook: number;
  /** 0: the delivery with the newest id, 1: the one before it, and so on. */
  readonly nth: number;
}

/** A customer recovers the deliveries of a webhook until then. */
export interface RecoverAction {
  readonly do: 'recover';
  readonly webhook: number;
  readonly status: 'held' | 'exhausted' | 'both';
}

export const EVENT_TYPES = ['file.uploaded', 'file.deleted', 'user.subscribed'] as const;

/**
 * A customer's request to the API for an existing webhook.
 * - `repoint`: a new URL
 * - `repoint_again`: the URL that was requested last
 * - `repoint_back`: the first URL of the webhook
 * - `narrow`: subscribe to one event type only
 * - `widen`: subscribe to all event types
 */
export const REQUESTS_FOR_A_WEBHOOK = [
  'disable',
  'enable',
  'delete',
  'repoint',
  'repoint_again',
  'repoint_back',
  'narrow',
  'widen',
  'verify',
  'test',
] as const;
export type RequestForAWebhook = (typeof REQUESTS_FOR_A_WEBHOOK)[number];
export const API_REQUESTS = ['create', ...REQUESTS_FOR_A_WEBHOOK] as const;
export type ApiRequest = (typeof API_REQUESTS)[number];
/** The other actions that call the API. */
export const OTHER_CALLS = ['rotate', 'resend', 'recover', 'stop_recovery'] as const;

/** The only type that a webhook is subscribed to after `narrow`. */
export const NARROW_TYPE = 'user.subscribed' satisfies (typeof EVENT_TYPES)[number];

/** Another program damages the item or the secret of a webhook in the table. */
export const CORRUPTIONS = ['break_item', 'break_secret'] as const;
export type Corruption = (typeof CORRUPTIONS)[number];

/** The queues that actions send messages to. */
export const LANE_NAMES = ['first', 'retry1', 'later', 'slow'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

export const UNREADABLE_MESSAGES = ['text', 'other version', 'missing field'] as const;
export type UnreadableMessage = (typeof UNREADABLE_MESSAGES)[number];

/** The body of each unreadable message. */
export const UNREADABLE_BODIES: Readonly<Record<UnreadableMessage, string>> = {
  text: 'poison',
  'other version': '{"v":1}',
  'missing field': '{"v":2}',
};
