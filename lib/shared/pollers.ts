import { accept, InputError, isRecord, isWhole, type Reading, refuse, show } from './input.ts';

/** Lambda's provisioned mode: pollers that are kept ready for one queue, and paid for by the hour. */
export interface Pollers {
  /** Pollers that always run. */
  readonly minimum: number;
  /** Pollers that Lambda scales up to. */
  readonly maximum: number;
}

/**
 * Lambda: what one poller of an SQS queue invokes at once, as long as it receives less than 1 MB and makes less
 * than 10 calls a second. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const CONCURRENCY_OF_A_POLLER = 10;

/** Lambda's limits for SQS. Its API takes up to 10,000 pollers; CloudFormation and CDK stop at 2,000. */
const MIN_POLLERS = 2;
const MAX_MINIMUM_POLLERS = 200;
const MAX_MAXIMUM_POLLERS = 2_000;

export const POLLERS_RULE = `minimum, a whole number from ${MIN_POLLERS} to ${MAX_MINIMUM_POLLERS}, and maximum, from minimum to ${MAX_MAXIMUM_POLLERS}`;

/** What the operator chose, if Lambda accepts it. */
export function parsePollers(chosen: unknown): Reading<Pollers> {
  if (!isRecord(chosen)) return refuse(`it is ${show(chosen)}`);
  const { minimum, maximum, ...others } = chosen;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return refuse(`${show(unknown)} is neither of them`);
  if (!isWhole(minimum, MIN_POLLERS, MAX_MINIMUM_POLLERS)) return refuse(`minimum is ${show(minimum)}`);
  if (!isWhole(maximum, minimum, MAX_MAXIMUM_POLLERS)) return refuse(`maximum is ${show(maximum)}`);
  return accept({ minimum, maximum });
}

/**
 * What the operator chose. Throws when Lambda does not accept it, or when the first lane has a maximum concurrency
 * as well: Lambda takes one of the two.
 */
export function readPollers(chosen: Pollers, firstConcurrency: number | undefined): Pollers {
  const reading = parsePollers(chosen);
  if (!reading.ok) {
    throw new InputError(
      `firstLanePollers: ${reading.problem}; expected is an object with ${POLLERS_RULE}, such as {"minimum":2,"maximum":30}.`,
    );
  }
  const { maximum } = reading.value;
  if (firstConcurrency === undefined) return reading.value;
  throw new InputError(
    `firstLanePollers and concurrency.first are both given; Lambda takes either provisioned pollers or a maximum concurrency for a queue. Leave concurrency.first out: ${maximum} pollers invoke at most ${maximum * CONCURRENCY_OF_A_POLLER} at once.`,
  );
}
