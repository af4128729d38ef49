import type { SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * The three shapes in which an event reaches this function: from the bus itself; from the parked queue as
 * the bus left it there; and from the parked queue inside the record of a failed invocation.
 */
export type Invocation =
  | { readonly from: 'bus'; readonly event: unknown }
  | { readonly from: 'parked'; readonly records: readonly SQSRecord[] };

export function readInvocation(payload: unknown): Invocation {
  return isSqsEvent(payload) ? { from: 'parked', records: payload.Records } : { from: 'bus', event: payload };
}

/** The bus event inside a parked message; undefined when the text is not JSON. */
export function readParked(body: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  return isFailedInvocation(json) ? json.requestPayload : json;
}

function isSqsEvent(payload: unknown): payload is SQSEvent {
  return isObject(payload) && Array.isArray(payload.Records) && payload.Records[0]?.eventSource === 'aws:sqs';
}

function isFailedInvocation(json: unknown): json is { requestPayload: unknown } {
  return isObject(json) && isObject(json.requestContext) && 'requestPayload' in json;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
