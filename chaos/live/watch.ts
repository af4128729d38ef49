import { setTimeout as sleep } from 'node:timers/promises';
import { ADMINISTRATOR, type Interceptor } from '../../local/calls.ts';
import type { Cloud, CloudSettings } from '../../local/cloud.ts';
import { EVERYBODY, type History, touch } from '../history.ts';
import { createObserver } from '../observe-dynamodb.ts';
import { LOG_LOST } from '../start-function.ts';
import type { LiveFault } from './faults.ts';

const DESTINATION_TRIES = 60;
const DESTINATION_WAIT_MS = 250;

/** What the cloud tells of itself. A fault may have met anybody: who it was nobody can say in real time. */
export function watch(history: History, faults: readonly LiveFault[]): Partial<CloudSettings> {
  const names = new Map(faults.map(({ fault, what }) => [JSON.stringify(fault), what]));
  const say = (text: string): void => {
    history.lines.push({ at: Date.now(), text });
  };
  return {
    onFaultFired(words) {
      const what = names.get(words) ?? words;
      say(`FAULT: ${what}`);
      touch(history, [EVERYBODY], { at: Date.now(), what });
    },
    onBusEvent(event) {
      say(`the bus takes ${JSON.stringify(event)}`);
      history.accepted.push({ at: Date.now(), event });
    },
    onDecision({ functionName }, { action }, allowed) {
      if (!allowed) history.problems.push(`the role of ${functionName} refuses ${action}`);
    },
    onLogLine(functionName, line) {
      say(`${functionName} logs: ${line}`);
      const [, deliveryId] = /"delivery_id":"([^"]+)"/.exec(line) ?? [];
      if (deliveryId !== undefined && line.includes(LOG_LOST)) history.logLost.add(deliveryId);
    },
    onProblem(problem) {
      say(problem);
      if (problem.includes('lost an event')) history.problems.push(problem);
    },
  };
}

/** Also what took effect and was not answered is seen. */
export function observeWrites(cloud: Cloud, history: History): Interceptor {
  const observe = createObserver({
    history,
    now: Date.now,
    webhooksTable: cloud.outputs.WebhooksTableName,
    get: (input) =>
      cloud.calls.call({ principal: ADMINISTRATOR, service: 'dynamodb', action: 'GetItem', input }),
  });
  return async (call, next) => {
    try {
      return await next();
    } finally {
      if (call.service === 'dynamodb') await observe(call.action, call.input);
    }
  };
}

/** Lambda is taken to try again where it cannot give a failed event to its destination, as in virtual time. */
export function createHandOver(): { readonly interceptor: Interceptor; isHandingOver(): boolean } {
  let handingOver = 0;
  return {
    isHandingOver: () => handingOver > 0,
    async interceptor(call, next) {
      const isLambdas =
        call.service === 'sqs' && call.action === 'SendMessage' && call.environment === undefined;
      if (!isLambdas) return next();
      handingOver++;
      try {
        for (let tries = 1; tries < DESTINATION_TRIES; tries++) {
          const output = await next().catch(() => undefined);
          if (output !== undefined) return output;
          await sleep(DESTINATION_WAIT_MS);
        }
        return await next();
      } finally {
        handingOver--;
      }
    },
  };
}
