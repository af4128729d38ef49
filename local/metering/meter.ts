import type { AwsCall, CallMeter, Json, RequestUnits, ServiceName } from '../aws-calls.ts';
import { billedChunks, countEntries } from './billing.ts';

export interface Invocation {
  readonly functionName: string;
  /** The duration of the handler, without the cold start. */
  readonly durationMs: number;
  readonly memoryMb: number;
  /** Duration of the cold start; absent without one. */
  readonly initMs?: number;
}

export interface Meter extends CallMeter {
  awsCall(
    call: AwsCall,
    result: { readonly units: Pick<RequestUnits, 'read' | 'write'>; readonly output?: Json },
  ): void;
  lambda(invocation: Invocation): void;
  /** One request of the HTTP API, with the bytes of its request and response bodies. */
  httpApiRequest(bytes: number): void;
  /** Bytes written to a log. */
  logBytes(bytes: number): void;
  /** The counts since the start or the last reset, ordered by caller, service and action. */
  snapshot(): MeterSnapshot;
  reset(): void;
}

export interface CallLine {
  readonly principal: string;
  readonly service: ServiceName;
  readonly action: string;
  readonly calls: number;
  /** Messages, events or items of the calls. */
  readonly entries: number;
  /** Billed units: 64 KiB chunks for SQS and EventBridge, calls for KMS, 0 for DynamoDB. */
  readonly chunks: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface FunctionLine {
  readonly functionName: string;
  readonly invocations: number;
  readonly coldStarts: number;
  /** Each invocation is rounded up to 1 ms and includes its cold start. */
  readonly gbSeconds: number;
}

export interface MeterSnapshot {
  readonly calls: readonly CallLine[];
  readonly functions: readonly FunctionLine[];
  readonly httpApi: { readonly requests: number; readonly chunks: number };
  readonly logBytes: number;
}

/** The HTTP API bills a request for each chunk of this size. */
const HTTP_API_CHUNK_BYTES = 512 * 1024;

type Counts<Line> = { -readonly [Name in keyof Line]: Line[Name] };

export function createMeter(): Meter {
  const calls = new Map<string, Counts<CallLine>>();
  const functions = new Map<string, Counts<FunctionLine>>();
  let httpApi = { requests: 0, chunks: 0 };
  let logBytes = 0;

  return {
    awsCall({ principal, service, action, input }, { units, output }) {
      const line = entryOf(calls, `${principal}\0${service}\0${action}`, () => ({
        ...{ principal, service, action },
        ...{ calls: 0, entries: 0, chunks: 0, readUnits: 0, writeUnits: 0 },
      }));
      line.calls += 1;
      line.entries += countEntries(input, output);
      line.chunks += billedChunks(service, input, output);
      line.readUnits += units.read;
      line.writeUnits += units.write;
    },
    lambda({ functionName, durationMs, memoryMb, initMs }) {
      const line = entryOf(functions, functionName, () => ({
        ...{ functionName, invocations: 0, coldStarts: 0, gbSeconds: 0 },
      }));
      line.invocations += 1;
      line.coldStarts += initMs === undefined ? 0 : 1;
      line.gbSeconds += (Math.ceil(durationMs + (initMs ?? 0)) / 1000) * (memoryMb / 1024);
    },
    httpApiRequest(bytes) {
      httpApi.requests += 1;
      httpApi.chunks += Math.max(1, Math.ceil(bytes / HTTP_API_CHUNK_BYTES));
    },
    logBytes(bytes) {
      logBytes += bytes;
    },
    snapshot: () => ({
      calls: inOrder(calls),
      functions: inOrder(functions),
      httpApi: { ...httpApi },
      logBytes,
    }),
    reset() {
      calls.clear();
      functions.clear();
      httpApi = { requests: 0, chunks: 0 };
      logBytes = 0;
    },
  };
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}

function inOrder<Value extends object>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => ({ ...value }));
}
