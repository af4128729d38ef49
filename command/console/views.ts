// The operators' API of the console, which the command serves on loopback. The console in the browser imports these types.

/** The queues that no function reads: their messages wait for an operator. */
export const OPERATOR_QUEUES = ['undispatched', 'poison', 'unreadable', 'exhausted'] as const;
export type OperatorQueue = (typeof OPERATOR_QUEUES)[number];

/** `GET /operator/deployment` */
export interface DeploymentView {
  /** The name or ARN of the stack. Null for the local cloud. */
  readonly stack: string | null;
  readonly api_url: string;
  /** The user of the operator's machine, as the audit log names them. */
  readonly operator: string;
  readonly read_only: boolean;
}

/** `GET /operator/accounts?after=…&attention=1` */
export interface AccountsView {
  readonly accounts: readonly AccountView[];
  /** The value of `after` for the next page. Null on the last page. */
  readonly next: string | null;
  /** DynamoDB's read units of this page. */
  readonly read_units: number;
  /** Their price in the region us-east-1. */
  readonly read_usd: number;
}

export interface AccountView {
  readonly account_id: string;
  readonly webhooks: number;
  readonly active: number;
  readonly failing: number;
  readonly slow: number;
  readonly pending: number;
  readonly verification_failed: number;
  readonly disabled: number;
  readonly disabled_by_service: number;
}

/** `GET /operator/queues` */
export interface QueuesView {
  readonly queues: readonly QueueView[];
}

/** SQS's approximate numbers. */
export interface QueueView {
  readonly name: OperatorQueue;
  readonly messages: number;
  /** Received and not visible yet, for example because another reader is running. */
  readonly in_flight: number;
  readonly retention_days: number;
}

/** `POST /operator/queues/{queue}/messages` with `{limit}` */
export interface MessagesView {
  /** Newest first. SQS may return only a part of the queue's messages. */
  readonly messages: readonly MessageView[];
  /** Whether the limit was reached. */
  readonly may_have_more: boolean;
}

export interface MessageView {
  readonly id: string;
  /** ISO 8601. */
  readonly sent_at: string;
  readonly reason: string;
  readonly account_id: string | null;
  readonly webhook_id: string | null;
  readonly delivery_id: string | null;
  readonly event_id: string | null;
  readonly event_type: string | null;
  /** How often SQS returned the message, including this time. */
  readonly receive_count: number;
  /** Null for messages that contain signatures. */
  readonly body: string | null;
  /** Whether `body` is truncated. */
  readonly is_cut: boolean;
}

/** The body of `POST /operator/queues/{queue}/moves`. Each field but `confirm` and `limit` selects messages. */
export interface MoveInput {
  /** False: counts, and changes nothing. */
  readonly confirm: boolean;
  /** The maximum number of messages that are read. */
  readonly limit: number;
  readonly account_id?: string | undefined;
  /** *exhausted* and *poison* only. */
  readonly webhook_id?: string | undefined;
  /** *undispatched* only: a part of the reason. */
  readonly reason?: string | undefined;
  /** *undispatched* only. */
  readonly event_type?: string | undefined;
}

export interface MoveView {
  readonly confirmed: boolean;
  /** Messages that were moved; without `confirm`, those that would be. */
  readonly selected: number;
  readonly not_selected: number;
  readonly duplicates: number;
  readonly failed: number;
  /** The numbers of selected messages by group, largest first. */
  readonly groups: readonly CountView[];
  /** Why messages cannot be moved. */
  readonly failures: readonly CountView[];
  readonly may_have_more: boolean;
}

export interface CountView {
  readonly text: string;
  readonly count: number;
}

/** `GET /operator/alarms` */
export interface AlarmsView {
  readonly alarms: readonly AlarmView[];
}

export interface AlarmView {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** CloudWatch's reason for the state. */
  readonly reason: string;
  readonly description: string;
  /** When the state began, in ISO 8601. */
  readonly since: string | null;
}
