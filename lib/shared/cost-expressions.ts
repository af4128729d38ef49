import prices from '../../local/metering/prices.json' with { type: 'json' };

/**
 * The price of the resources that were used in a period, in dollars, as expressions of CloudWatch's metric math:
 * without free tiers, and without storage, data transfer to receivers, KMS requests and everything with a monthly
 * price. The lines have the names that the meter of the local cloud uses, so that the two can be compared.
 *
 * The arguments are ids of metrics, each the sum of the period. A metric without data counts as 0.
 */

const MILLION = 1_000_000;
/** CloudWatch's gigabyte has 2^30 bytes. */
const GB = 1024 ** 3;

/** Digits after the decimal point that the smallest price needs: $0.0000133334 for a GB-second. */
const PRICE_DIGITS = 10;

/** SQS quota: messages of one batch call. */
const BATCH = 10;

export interface CostLine {
  readonly name: string;
  readonly expression: string;
}

export interface CostMetrics {
  /** Messages that the bus sent to the events queue: one for each event. */
  readonly events: string;
  readonly functions: readonly {
    readonly invocations: string;
    /** Milliseconds. */
    readonly duration: string;
    readonly memoryMb: number;
    /** Whether a queue invokes it. */
    readonly isPolled: boolean;
  }[];
  /** Messages sent to the first lane, and the invocations that sent them. */
  readonly firstMessages: string;
  readonly dispatches: string;
  /** Messages sent to the other queues, each counted as a call of its own. */
  readonly otherMessages: readonly string[];
  readonly emptyReceives: readonly string[];
  readonly writeUnits: readonly string[];
  readonly readUnits: readonly string[];
  readonly apiRequests: string;
  readonly logBytes: readonly string[];
}

export function costLines(metrics: CostMetrics): CostLine[] {
  const { functions } = metrics;
  const line = (name: string, quantity: string, price: number, per = 1): CostLine => ({
    name,
    // Metric math reads the `e` of a small number such as 2e-7 as the id of a metric.
    expression: `(${quantity}) * ${price.toFixed(PRICE_DIGITS)} / ${per}`,
  });
  return [
    line('EventBridge', filled(metrics.events), prices.eventbridge_custom_event_per_million.price, MILLION),
    line(
      'Lambda requests',
      sumOf(functions.map(({ invocations }) => invocations)),
      prices.lambda_request_per_million.price,
      MILLION,
    ),
    line(
      'Lambda time',
      functions
        .map(({ duration, memoryMb }) => `${filled(duration)} * ${memoryMb / 1024 / 1000}`)
        .join(' + '),
      prices.lambda_arm64_gb_second.price,
    ),
    line('SQS', sqsRequests(metrics), prices.sqs_standard_request_per_million.price, MILLION),
    line('DynamoDB writes', sumOf(metrics.writeUnits), prices.dynamodb_write_per_million.price, MILLION),
    line('DynamoDB reads', sumOf(metrics.readUnits), prices.dynamodb_read_per_million.price, MILLION),
    line('HTTP API', filled(metrics.apiRequests), prices.http_api_request_per_million.price, MILLION),
    line('Logs', sumOf(metrics.logBytes), prices.cloudwatch_logs_gb.price, GB),
  ];
}

/**
 * SQS counts messages, and bills calls. Each invocation by a queue causes a receive call and a delete call. A call to
 * the first lane has up to ten messages of one invocation.
 */
function sqsRequests(metrics: CostMetrics): string {
  const polls = metrics.functions.filter(({ isPolled }) => isPolled).map(({ invocations }) => invocations);
  const messages = filled(metrics.firstMessages);
  const dispatches = filled(metrics.dispatches);
  const fewMessages = `IF(${messages} > ${dispatches}, ${dispatches}, ${messages})`;
  const toFirstLane = `IF(${messages} > ${BATCH} * ${dispatches}, ${messages} / ${BATCH}, ${fewMessages})`;
  return [
    filled(metrics.events),
    `2 * (${sumOf(polls)})`,
    toFirstLane,
    sumOf([...metrics.otherMessages, ...metrics.emptyReceives]),
  ].join(' + ');
}

function sumOf(ids: readonly string[]): string {
  return ids.map(filled).join(' + ');
}

function filled(id: string): string {
  return `FILL(${id}, 0)`;
}
