import type { Kms } from '../secrets/key-ring.ts';
import type { DynamoDB } from '../store/client.ts';
import { isAwsError } from './errors.ts';
import type { Counters } from './observability.ts';
import type { Sqs } from './queues.ts';

/** Errors of calls that the service carried out as requested, or that this code aborted. */
const EXPECTED_ERRORS = ['ConditionalCheckFailedException', 'AbortError'];

interface AwsDeps {
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly counters: Counters;
}

/** Counts each call of DynamoDB, SQS and KMS that fails after the SDK's retries. Entries of a batch are not counted. */
export function countFailures<Deps extends AwsDeps>(deps: Deps): Deps {
  const { counters } = deps;
  return {
    ...deps,
    dynamodb: countFailuresOf(deps.dynamodb, counters),
    sqs: countFailuresOf(deps.sqs, counters),
    kms: countFailuresOf(deps.kms, counters),
  };
}

/** The types of `send` accept one kind of command at a time. */
type Send = (...call: unknown[]) => Promise<unknown>;

/** As `countFailures`, for one client. */
export function countFailuresOf<Client extends { readonly send: unknown }>(
  client: Client,
  counters: Counters,
): Client {
  const { send: sendCommand } = client as { send: Send };
  const send: Send = async (...call) => {
    try {
      return await sendCommand.apply(client, call);
    } catch (error) {
      if (!EXPECTED_ERRORS.some((name) => isAwsError(error, name))) counters.count('dependency_failed');
      throw error;
    }
  };
  return { send } as unknown as Client;
}
