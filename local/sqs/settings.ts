/** The settings of a standard queue. FIFO queues are not supported. */
export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** 0-900. Default delay of a new message. */
  readonly delaySeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  /** 1 KiB to 1 MiB; default 1 MiB. */
  readonly maximumMessageBytes?: number;
  /** 0-20. Default wait of a receive. Default: 0. */
  readonly receiveWaitSeconds?: number;
  readonly redrive?: RedriveSettings;
}

export interface RedriveSettings {
  readonly deadLetterArn: string;
  /** After this many receives the next receive moves the message to the dead-letter queue. */
  readonly maxReceiveCount: number;
}
