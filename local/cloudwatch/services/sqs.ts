import type { AwsCall, Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../../sqs/engine.ts';
import type { MetricReport } from './metric-report.ts';

export interface SqsMetrics {
  /** Reports how many messages each queue has, at the end of a minute. */
  sample(report: MetricReport): void;
  /** Counts the messages of a call that SQS has answered. */
  call(call: AwsCall, output: Json): void;
}

export function createSqsMetrics(
  queues: Pick<SqsEngine, 'queues' | 'queueByUrl' | 'counts' | 'ageOfOldestMs'>,
  report: MetricReport,
): SqsMetrics {
  const reportAll = (to: MetricReport, queueName: string, values: Record<string, number>): void => {
    for (const [name, value] of Object.entries(values)) {
      to({ namespace: 'AWS/SQS', name, dimensions: { QueueName: queueName } }, value);
    }
  };

  return {
    sample(reportSample) {
      for (const { name, url } of queues.queues()) {
        const { visible, inFlight, delayed } = queues.counts(url);
        reportAll(reportSample, name, {
          ApproximateNumberOfMessagesVisible: visible,
          ApproximateNumberOfMessagesNotVisible: inFlight,
          ApproximateNumberOfMessagesDelayed: delayed,
          ApproximateAgeOfOldestMessage: Math.floor(queues.ageOfOldestMs(url) / 1000),
        });
      }
    },
    call({ action, input }, output) {
      const name = queues.queueByUrl(String(input.QueueUrl))?.name;
      if (name !== undefined) reportAll(report, name, countsOf(action, input, output));
    },
  };
}

function countsOf(action: string, input: Json, output: Json): Record<string, number> {
  switch (action) {
    case 'SendMessage':
      return { NumberOfMessagesSent: 1, SentMessageSize: Buffer.byteLength(String(input.MessageBody)) };
    case 'SendMessageBatch':
      return { NumberOfMessagesSent: lengthOf(output.Successful) };
    case 'ReceiveMessage': {
      const received = lengthOf(output.Messages);
      return received === 0 ? { NumberOfEmptyReceives: 1 } : { NumberOfMessagesReceived: received };
    }
    case 'DeleteMessage':
      return { NumberOfMessagesDeleted: 1 };
    case 'DeleteMessageBatch':
      return { NumberOfMessagesDeleted: lengthOf(output.Successful) };
    default:
      return {};
  }
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
