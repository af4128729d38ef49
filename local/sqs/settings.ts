/** What a template says about a queue. Standard queues only: the design has no FIFO queue. */
export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** 0-900: how long every new message stays hidden, unless it says otherwise itself. */
  readonly delaySeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  /** 1 KiB to 1 MiB; default 1 MiB. */
  readonly maximumMessageBytes?: number;
  /** 0-20: the long poll of a receive that names none; default 0. */
  readonly receiveWaitSeconds?: number;
  readonly redrive?: RedriveSettings;
}

export interface RedriveSettings {
  readonly deadLetterArn: string;
  /** A message that was received this often is moved to the dead-letter queue at its next receipt. */
  readonly maxReceiveCount: number;
}
