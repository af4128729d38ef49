import TinyQueue from 'tinyqueue';

/** Simulated time, in milliseconds from the start. It advances from one planned action to the next. */
export interface Timeline {
  now(): number;
  /**
   * Plans an action. Throws when `timeMs` is before now. Actions planned for the same time run in the order in
   * which they were planned.
   */
  at(timeMs: number, action: () => void): void;
  /** Runs all actions that are planned before `untilMs`, including those that these actions plan. */
  run(untilMs: number): void;
}

interface Planned {
  readonly timeMs: number;
  readonly order: number;
  readonly action: () => void;
}

export function createTimeline(): Timeline {
  const planned = new TinyQueue<Planned>([], (a, b) => a.timeMs - b.timeMs || a.order - b.order);
  let nowMs = 0;
  let order = 0;

  return {
    now: () => nowMs,
    at(timeMs, action) {
      if (timeMs < nowMs)
        throw new Error(
          `an action is planned for ${timeMs} ms, which is before the current time of ${nowMs} ms`,
        );
      planned.push({ timeMs, order: order++, action });
    },
    run(untilMs) {
      for (let next = planned.peek(); next !== undefined && next.timeMs < untilMs; next = planned.peek()) {
        planned.pop();
        nowMs = next.timeMs;
        next.action();
      }
      nowMs = untilMs;
    },
  };
}
