/** An event in EventBridge's format. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An event that the bus accepted. */
export interface AcceptedEvent {
  readonly event: BusEvent;
  /**
   * The event's JSON text for its targets. `Detail` is unchanged in it, so that numbers keep their digits.
   */
  readonly text: string;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** The event pattern of the template. */
  readonly pattern: Readonly<Record<string, unknown>>;
}
