import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The queues of a deployment. */
export interface WebhookFanoutQueues {
  /** Events that wait to be dispatched. */
  readonly events: IQueue;
  /** Deliveries that wait for their first attempt. */
  readonly first: IQueue;
  /** Retry n has the queue with index n - 1. Later retries wait in `later`. */
  readonly retries: IQueue[];
  /** Retries without a queue of their own, and retries that an endpoint postponed. */
  readonly later: IQueue;
  /** Deliveries to endpoints that answer slowly. */
  readonly slow: IQueue;
  /** Recoveries that run. */
  readonly recoveries: IQueue;
  /** Deliveries whose last attempt failed at the customer's endpoint. */
  readonly exhausted: IQueue;
  /** Messages that a function failed to handle at every receive. */
  readonly poison: IQueue;
  /** Messages that no version of the sender can read. */
  readonly unreadable: IQueue;
  /** Events that cannot be dispatched. */
  readonly undispatched: IQueue;
}

/** The tables of a deployment. */
export interface WebhookFanoutTables {
  /** Webhooks, API keys and wrapped data keys. */
  readonly webhooks: Table;
  /** Events and records of deliveries, which expire. */
  readonly deliveries: Table;
}

/** The functions of a deployment. Their roles accept no further permissions: CDK's grants do not change them. */
export interface WebhookFanoutFunctions {
  readonly dispatchEvent: IFunction;
  /** Makes first attempts. */
  readonly sendDeliveryFirst: IFunction;
  /** Makes retries. */
  readonly sendDeliveryRetry: IFunction;
  /** Makes attempts at endpoints that answer slowly. */
  readonly sendDeliverySlow: IFunction;
  readonly recoverDeliveries: IFunction;
  readonly serveApi: IFunction;
  /** Serves the console. Absent with the prop `console: false`. */
  readonly serveConsole?: IFunction;
  /** The portal function. Absent without the console, unless the prop `portal` is true. */
  readonly createPortalLink?: IFunction;
}

/** Options of `grantPublish`. */
export interface PublishOptions {
  /**
   * Whether the principal may also send events to the events queue, without the bus. SQS does not check the content of
   * messages: the principal can then send events with any source, even this deployment's system events.
   *
   * @default false
   */
  readonly direct?: boolean;
}

/** Options of `addOutputs`. */
export interface OutputOptions {
  /**
   * The beginning of each output's name: a letter, then letters and digits, at most 200 characters. Each deployment of a
   * stack needs its own.
   *
   * @default - none: the outputs are `ApiUrl`, `EventBusName` and so on
   */
  readonly prefix?: string;
}
