/** A wall clock that a test sets. Timers are not faked. */
export interface TestClock {
  now(): number;
  advance(milliseconds: number): void;
}

export function testClock(): TestClock {
  let now = 1_640_995_200_000;
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}
