import type { AwsCall, Json } from '../aws-calls.ts';
import type { CallEffect } from './fault.ts';
import { makePartial } from './partial-batch.ts';

/** The operations of a cloud that an effect needs. */
export interface EffectPorts {
  sleep(ms: number): Promise<void>;
  /** The error of a call that is refused. `code`: absent for the cloud's default. */
  refusal(code?: string): Error;
  /** The error of a call that took effect, and whose answer is lost. */
  lostAnswer(): Error;
  /** Ends the environment that made the call. The call must not resolve. */
  kill(): Promise<never>;
}

/** Applies the effect to a call. `next` makes the call. */
export async function applyEffect(
  effect: CallEffect,
  call: AwsCall,
  next: (input?: Json) => Promise<Json>,
  ports: EffectPorts,
): Promise<Json> {
  switch (effect.do) {
    case 'fail':
      if (effect.afterMs !== undefined) await ports.sleep(effect.afterMs);
      throw ports.refusal(effect.code);
    case 'partial': {
      const partial = makePartial(call.action, call.input, (index) => index % effect.of < effect.failed);
      if (partial === undefined) throw ports.refusal();
      return partial.answer(partial.input === undefined ? {} : await next(partial.input));
    }
    case 'delay':
      await ports.sleep(effect.ms);
      return next();
    case 'delay_answer': {
      const output = await next();
      await ports.sleep(effect.ms);
      return output;
    }
    case 'cut':
      await next();
      throw ports.lostAnswer();
    case 'kill_before':
      return ports.kill();
    case 'kill_after':
      await next();
      return ports.kill();
  }
}
