import TinyQueue from 'tinyqueue';

/** Simulated time, in milliseconds from the start. It moves only from one planned action to the next. */
export interface Timeline {
  now(): number;
  /** Plans an action for a time that is not past. Actions of the same time run in the order of planning. */
  at(timeMs: number, action: () => void): void;
  /** Runs everything that is planned before `untilMs`, and what that plans. */
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
      if (timeMs < nowMs) throw new Error(`planned for ${timeMs} ms, but it is ${nowMs} ms: plan ahead`);
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
