import type { InProcessClient } from '../local/in-process-client.ts';
import type { LocalFunction } from '../local/lambda/function.ts';
import type { SqsEngine } from '../local/sqs/engine.ts';

/** The parts of a running stack that actions and checks use, on the simulated or the local cloud. */
export interface CloudAccess {
  readonly engine: SqsEngine;
  readonly outputs: Readonly<Record<string, string>>;
  /** The operator's own client. */
  client(service: 'dynamodb' | 'kms' | 'events' | 'sqs'): InProcessClient;
  /** A function by the name of its step, such as `serve-api`, or the lane of a sender. */
  fn(name: string): Pick<LocalFunction, 'invoke'>;
  /** Called with each response of the API, as API Gateway answers it, for its metrics. */
  readonly onApiResponse?: (response: { readonly status: number; readonly latencyMs: number }) => void;
  /** The real address of an endpoint that has this URL in the scenario. */
  addressOf(url: string): string;
}

/** The URL of a queue by the name of its output, such as `First`. */
export function queueUrl({ outputs }: Pick<CloudAccess, 'outputs'>, name: string): string {
  const url = outputs[`${name}QueueUrl`];
  if (url === undefined) throw new Error(`the stack has no output ${name}QueueUrl`);
  return url;
}
