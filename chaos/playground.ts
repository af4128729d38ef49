import type { InProcessClient } from '../local/in-process-client.ts';
import type { LocalFunction } from '../local/lambda/function.ts';
import type { SqsEngine } from '../local/sqs/engine.ts';

/** The stack as people, publishers and accidents meet it, whether its time is virtual or real. */
export interface Playground {
  readonly engine: SqsEngine;
  readonly outputs: Readonly<Record<string, string>>;
  /** The operator's own client. */
  client(service: 'dynamodb' | 'kms' | 'events' | 'sqs'): InProcessClient;
  /** By `dispatch-event`, `serve-api`, or the lane of a sender. */
  fn(name: string): Pick<LocalFunction, 'invoke'>;
  /** Where the customer really is whom the scenario has at that URL. */
  addressOf(url: string): string;
}

/** The URL of a queue by its name among the stack's outputs, such as `First`. */
export function queueUrl({ outputs }: Pick<Playground, 'outputs'>, name: string): string {
  const url = outputs[`${name}QueueUrl`];
  if (url === undefined) throw new Error(`the stack has no output ${name}QueueUrl`);
  return url;
}
