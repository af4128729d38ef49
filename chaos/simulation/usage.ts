import type { FunctionSettings, Stack } from '../../local/assembly/stack.ts';
import { type AwsCall, type CallMeter, EVENTBRIDGE } from '../../local/aws-calls.ts';
import {
  type CloudWatch,
  type CloudWatchDependencies,
  createCloudWatch,
} from '../../local/cloudwatch/cloudwatch.ts';
import type { RuleOutcome } from '../../local/cloudwatch/services/events.ts';
import type { InvocationResult } from '../../local/cloudwatch/services/lambda.ts';
import type { Rule } from '../../local/events/event.ts';
import { createMeter, type Meter } from '../../local/metering/meter.ts';

/** What a run uses, for the bill and for the metrics and alarms. */
export interface Usage extends CallMeter {
  readonly meter: Meter;
  readonly cloudwatch: CloudWatch;
  /** A function starts to run an event. Call the result at the end. */
  started(fn: FunctionSettings): (result: InvocationResult) => void;
  apiResponse(response: { readonly status: number; readonly latencyMs: number }): void;
  /** The bus has sent an event to a queue by an SQS call. */
  sentByBus(
    rule: Rule,
    outcome: RuleOutcome,
    message: { readonly queueUrl: string; readonly body: string },
  ): void;
}

const NO_UNITS = { read: 0, write: 0, byTable: new Map() };

export function createUsage(of: CloudWatchDependencies & { readonly stack: Stack }): Usage {
  const meter = createMeter();
  const cloudwatch = createCloudWatch(of);
  const awsCall: CallMeter['awsCall'] = (call, result) => {
    meter.awsCall(call, result);
    cloudwatch.awsCall(call, result);
  };

  return {
    meter,
    cloudwatch,
    awsCall,
    started({ name, memoryMb }) {
      const end = cloudwatch.lambda.started(name);
      return (result) => {
        end(result);
        meter.lambda({ functionName: name, memoryMb, durationMs: result.durationMs });
      };
    },
    apiResponse(response) {
      const { httpApi } = of.stack;
      if (httpApi === undefined) return;
      const { id: apiId, stageName } = httpApi;
      cloudwatch.httpApiResponse({ apiId, stageName, bytes: 0, ...response });
      meter.httpApiRequest(0);
    },
    sentByBus(rule, outcome, { queueUrl, body }) {
      cloudwatch.events.invoked(rule, outcome);
      const input = { QueueUrl: queueUrl, MessageBody: body };
      const call: AwsCall = { principal: EVENTBRIDGE, service: 'sqs', action: 'SendMessage', input };
      awsCall(call, { units: NO_UNITS, output: {} });
    },
  };
}
