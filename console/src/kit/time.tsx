import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { KIT } from '../texts/kit.ts';
import { clockTime, duration, exactTime, relativeTime, secondTime } from '../texts/language.ts';

/** A row shows its exact time when one of its links has the focus. Otherwise the Tab key would stop at every time. */
export const IsInTable = createContext(false);

const REFRESH_MS = 15_000;
const FORMATS = { relative: relativeTime, clock: clockTime, seconds: secondTime };

/**
 * A time of the API, in the viewer's zone. The exact time is shown on hover and focus. `relative`: "5 min. ago"; `clock`: the
 * time of day, with the day when it is not today; `seconds`: the same with seconds.
 */
export function Time({ at, style = 'relative' }: { at: string; style?: 'relative' | 'clock' | 'seconds' }) {
  const now = useNow(style === 'relative' ? REFRESH_MS : undefined);
  const isInTable = useContext(IsInTable);
  const milliseconds = Date.parse(at);
  return (
    <time class="has-tip" dateTime={at} tabIndex={isInTable ? undefined : 0}>
      {FORMATS[style](milliseconds, now)}
      <span class="tip">{exactTime(milliseconds)}</span>
    </time>
  );
}

/** The time that is left, by seconds. `onEnd` is called once when it is over. */
export function Countdown({ until, onEnd }: { until: number | string; onEnd?: () => void }) {
  const end = typeof until === 'number' ? until : Date.parse(until);
  const now = useNow(1_000);
  const restMs = Math.max(0, Math.ceil((end - now) / 1_000) * 1_000);
  const isOver = restMs === 0;
  // `onEnd` is not a dependency: it is called when the time is over, and not when the callback changes.
  useEffect(() => {
    if (isOver) onEnd?.();
  }, [isOver]);
  return (
    <span role="timer" aria-live="off" class="figure">
      {isOver ? KIT.now : countdownText(restMs)}
    </span>
  );
}

function countdownText(ms: number): string {
  if (ms < 60_000 || ms >= 3_600_000) return duration(ms);
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}

/** The time in milliseconds since 1970, renewed every `everyMs` milliseconds while the page is visible. */
export function useNow(everyMs: number | undefined): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
