import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import type { Clock } from '../shared/runtime/clock.ts';

/** The attempts of one execution environment that went out and have not ended, whatever their batch. */
export interface OpenAttempts {
  /** Runs an attempt as one of them. */
  track<Result>(message: DeliveryMessage, attempt: () => Promise<Result>): Promise<Result>;
  /** Milliseconds; 0 while the message's attempt has not begun, and after it has ended. */
  openFor(message: DeliveryMessage): number;
  count(): number;
}

export function createOpenAttempts(clock: Clock): OpenAttempts {
  const since = new Map<DeliveryMessage, number>();
  return {
    async track(message, attempt) {
      since.set(message, clock.now());
      try {
        return await attempt();
      } finally {
        since.delete(message);
      }
    },
    openFor: (message) => clock.now() - (since.get(message) ?? clock.now()),
    count: () => since.size,
  };
}
