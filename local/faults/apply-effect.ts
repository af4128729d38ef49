import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsCall, AwsError, CutAnswer, type Json } from '../aws-calls.ts';
import type { CallEffect } from './fault.ts';
import { makePartial } from './partial.ts';

const DEFAULT_CODE = 'ServiceUnavailable';

/** Refusals that AWS answers with a server's status; every other has 400. */
const SERVER_ERRORS: ReadonlyMap<string, number> = new Map([
  ['InternalFailure', 500],
  ['InternalServerError', 500],
  ['KMSInternalException', 500],
  ['ServiceUnavailable', 503],
]);

/** Makes it happen to a call. `kill` ends the environment that made it. */
export async function applyEffect(
  effect: CallEffect,
  call: AwsCall,
  next: (input?: Json) => Promise<Json>,
  kill: () => Promise<void>,
): Promise<Json> {
  switch (effect.do) {
    case 'fail':
      throw refusal(effect.code ?? DEFAULT_CODE);
    case 'partial': {
      const partial = makePartial(call.action, call.input, (index) => index % effect.of < effect.failed);
      if (partial === undefined) throw refusal(DEFAULT_CODE);
      return partial.answer(partial.input === undefined ? {} : await next(partial.input));
    }
    case 'delay':
      await sleep(effect.ms);
      return next();
    case 'cut':
      await next();
      throw new CutAnswer(call);
    case 'kill_before':
      await kill();
      throw new CutAnswer(call);
    case 'kill_after':
      await next();
      await kill();
      throw new CutAnswer(call);
  }
}

function refusal(code: string): AwsError {
  const status = SERVER_ERRORS.get(code) ?? 400;
  return new AwsError({ code, status, message: 'an injected fault fails this call' });
}
