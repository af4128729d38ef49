import type { Context } from 'aws-lambda';
import catalogue from '../../event-types.json' with { type: 'json' };
import { sleep } from '../../lambdas/shared/runtime/clock.ts';
import { deadlineOf } from '../../lambdas/shared/runtime/deadline.ts';
import { readEnvironment } from '../../lambdas/shared/runtime/environment-variables.ts';
import type { FunctionSettings } from '../../local/assembly/stack.ts';
import type { EnvironmentPorts } from './environment-ports.ts';
import type { FunctionCode } from './function-code.ts';
import type { Handler } from './simulated-environment.ts';

export interface FunctionPorts {
  readonly ports: EnvironmentPorts;
  readonly now: () => number;
  readonly counters: {
    count(name: string, value?: number): void;
    measureLatency(milliseconds: number): void;
  };
  readonly log: {
    info(message: string, fields?: Record<string, unknown>): void;
    warn(message: string, fields?: Record<string, unknown>): void;
    error(message: string, fields?: Record<string, unknown>): void;
  };
}

/** Does the same as the handler file: reads the environment variables and calls the factory. */
export function loadFunction(code: FunctionCode, fn: FunctionSettings, of: FunctionPorts): Handler {
  const environment = readEnvironment(fn.environment);
  const { ports, counters, log } = of;
  const clock = { now: of.now, sleep };
  const deadlineAt = (timeoutMs: number): number =>
    deadlineOf({ getRemainingTimeInMillis: () => timeoutMs }, clock);
  const common = { ...ports, clock, counters, log };
  const step = environment.text('POWERTOOLS_SERVICE_NAME');
  switch (step) {
    case 'create-portal-link': {
      const { createPortalLink, readSettings } = code[step];
      const createLink = createPortalLink({ ...common, settings: readSettings(environment) });
      return (event, timeoutMs) => createLink(event, contextOf(fn, timeoutMs).awsRequestId);
    }
    case 'dispatch-event': {
      const { createDispatchEvent, readSettings } = code[step];
      const eventTypes = new Set(catalogue.map(({ name }) => name));
      const dispatchEvent = createDispatchEvent({
        ...common,
        eventTypes,
        // No data is checked: the check has a limit in real time, and a run must be repeatable.
        validators: {},
        settings: readSettings(environment),
      });
      return (event, timeoutMs) => dispatchEvent(asEvent(event), deadlineAt(timeoutMs));
    }
    case 'recover-deliveries': {
      const { createRecoverDeliveries, readSettings } = code[step];
      const recoverDeliveries = createRecoverDeliveries({ ...common, settings: readSettings(environment) });
      return (event, timeoutMs) => recoverDeliveries(asEvent(event), deadlineAt(timeoutMs));
    }
    case 'send-delivery': {
      const { createSendDelivery, readSettings } = code[step];
      const sendDelivery = createSendDelivery({ ...common, settings: readSettings(environment) });
      return (event, timeoutMs) => sendDelivery(asEvent(event), deadlineAt(timeoutMs));
    }
    case 'serve-api': {
      const { createServeApi, readSettings } = code[step];
      const serveApi = createServeApi({ ...common, catalogue, settings: readSettings(environment) });
      return (event, timeoutMs) => serveApi(asEvent(event), contextOf(fn, timeoutMs));
    }
    case 'serve-console': {
      const { createServeConsole, readSettings, files } = code[step];
      const serveConsole = createServeConsole(files, readSettings(environment));
      return async (event) => serveConsole(asEvent(event));
    }
    default:
      throw new Error(`the function ${step} cannot be loaded yet; add it to loadFunction`);
  }
}

/** Types the event: its form is defined by the trigger. */
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
