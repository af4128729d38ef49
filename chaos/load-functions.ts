import type { Context } from 'aws-lambda';
import catalogue from '../event-types.json' with { type: 'json' };
import type { FunctionSettings } from '../local/assembly/stack.ts';
import type { Handler } from './environment.ts';
import type { EnvironmentPorts } from './environment-ports.ts';

/** The functions' code, whichever way it was loaded. */
export type FunctionCode = typeof import('./functions.ts');

export interface Surroundings {
  readonly ports: EnvironmentPorts;
  readonly now: () => number;
  readonly counters: { count(name: string, value?: number): void };
  readonly log: {
    info(message: string, fields?: Record<string, unknown>): void;
    warn(message: string, fields?: Record<string, unknown>): void;
    error(message: string, fields?: Record<string, unknown>): void;
  };
}

/** Does what a handler file does: reads the template's variables, and calls the one factory. */
export function loadFunction(code: FunctionCode, fn: FunctionSettings, of: Surroundings): Handler {
  const environment = code.readEnvironment(fn.environment);
  const { ports, counters, log } = of;
  const clock = { now: of.now };
  const deadlineAt = (timeoutMs: number): number =>
    code.deadlineOf({ getRemainingTimeInMillis: () => timeoutMs }, clock);
  const step = environment.text('POWERTOOLS_SERVICE_NAME');
  const common = { ...ports, clock, counters, log };
  const tables = {
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    firstQueueUrl: fn.environment.FIRST_QUEUE_URL ?? '',
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
  };
  switch (step) {
    case 'dispatch-event': {
      const dispatchEvent = code.createDispatchEvent({
        ...common,
        eventTypes: new Set(catalogue.map(({ name }) => name)),
        settings: {
          ...tables,
          parkedQueueUrl: environment.text('PARKED_QUEUE_URL'),
          undispatchedQueueUrl: environment.text('UNDISPATCHED_QUEUE_URL'),
          systemEventSource: environment.text('SYSTEM_EVENT_SOURCE'),
        },
      });
      return (event, timeoutMs) => dispatchEvent(event, deadlineAt(timeoutMs));
    }
    case 'send-delivery': {
      const sendDelivery = code.createSendDelivery({ ...common, settings: code.readSettings(environment) });
      return (event, timeoutMs) => sendDelivery(asEvent(event), deadlineAt(timeoutMs));
    }
    case 'serve-api': {
      const serveApi = code.createServeApi({
        ...common,
        catalogue,
        settings: {
          ...tables,
          kmsKeyId: environment.text('KMS_KEY_ID'),
          allowPrivateEndpoints: environment.flag('ALLOW_PRIVATE_ENDPOINTS'),
        },
      });
      return (event, timeoutMs) => serveApi(asEvent(event), contextOf(fn, timeoutMs));
    }
    default:
      throw new Error(`there is no way to load ${step} yet; add it here`);
  }
}

/** Lambda hands over whatever the trigger sent; its shape is the trigger's contract. */
function asEvent<Event>(event: unknown): Event {
  return event as Event;
}

function contextOf(fn: FunctionSettings, timeoutMs: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: fn.arn,
    memoryLimitInMB: String(fn.memoryMb),
    awsRequestId: 'request',
    logGroupName: fn.logGroupName,
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => timeoutMs,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
