import { accept, InputError, isRecord, isWholeNumber, type ParseResult, refuse, show } from './input.ts';

/** Lambda's provisioned mode: pollers that always run for one queue, and cost a price per hour. */
export interface Pollers {
  /** The pollers that always run. */
  readonly minimum: number;
  /** The maximum number of pollers that Lambda scales to. */
  readonly maximum: number;
}

/**
 * Lambda: the most invocations at once of one poller of an SQS queue that receives less than 1 MB and makes less than 10
 * calls a second. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const CONCURRENCY_OF_A_POLLER = 10;

/** Lambda's limits for SQS. Its API takes up to 10,000 pollers; CloudFormation and CDK stop at 2,000. */
const MIN_POLLERS = 2;
const MAX_MINIMUM_POLLERS = 200;
const MAX_MAXIMUM_POLLERS = 2_000;

export const POLLERS_RULE = `minimum, a whole number from ${MIN_POLLERS} to ${MAX_MINIMUM_POLLERS}, and maximum, from minimum to ${MAX_MAXIMUM_POLLERS}`;

/** The values that the operator gave, if Lambda accepts them. */
export function parsePollers(given: unknown): ParseResult<Pollers> {
  if (!isRecord(given)) return refuse(`it is ${show(given)}`);
  const { minimum, maximum, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return refuse(`${show(unknown)} is neither of them`);
  if (!isWholeNumber(minimum, MIN_POLLERS, MAX_MINIMUM_POLLERS)) return refuse(`minimum is ${show(minimum)}`);
  if (!isWholeNumber(maximum, minimum, MAX_MAXIMUM_POLLERS)) return refuse(`maximum is ${show(maximum)}`);
  return accept({ minimum, maximum });
}

/**
 * The values that the operator gave. Throws when Lambda does not accept them, and when the operator also gave a maximum
 * concurrency of the first lane: Lambda accepts only one of the two.
 */
export function readPollers(given: Pollers, firstConcurrency: number | undefined): Pollers {
  const result = parsePollers(given);
  if (!result.ok) {
    throw new InputError(
      `firstLanePollers: ${result.problem}; expected: an object with ${POLLERS_RULE}, such as {"minimum":2,"maximum":30}.`,
    );
  }
  const { maximum } = result.value;
  if (firstConcurrency === undefined) return result.value;
  throw new InputError(
    `firstLanePollers and concurrency.first are both given; Lambda accepts either provisioned pollers or a maximum concurrency for a queue. Leave concurrency.first out: ${maximum} pollers invoke at most ${maximum * CONCURRENCY_OF_A_POLLER} at once.`,
  );
}
