import { WATERFALL } from '../texts/kit.ts';
import { duration } from '../texts/language.ts';
import { type Timing, waterfallParts } from './waterfall-parts.ts';

/** Units of the drawing's width. */
const WIDTH = 1_000;
/** The narrowest part, so that every part is seen. */
const MIN_WIDTH = 3;

interface WaterfallProps {
  readonly durationMs: number;
  readonly timing: Timing;
  /** The longest attempt of the delivery: all its attempts have one scale. */
  readonly scaleMs: number;
}

/** The parts of an attempt as a bar, with each part's name and time as text. */
export function Waterfall({ durationMs, timing, scaleMs }: WaterfallProps) {
  const parts = waterfallParts(durationMs, timing);
  const toWidth = (ms: number): number => (ms / Math.max(scaleMs, durationMs, 1)) * WIDTH;
  return (
    <div class="waterfall">
      <svg viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ id, startMs, ms }) => (
          <rect
            key={id}
            class={`part-${id}`}
            x={toWidth(startMs)}
            width={Math.max(MIN_WIDTH, toWidth(ms))}
            height="8"
          />
        ))}
      </svg>
      <ul>
        {parts.map(({ id, ms }) => (
          <li key={id}>
            <span class={`swatch part-${id}`} aria-hidden="true" />
            {WATERFALL[id]} {duration(ms)}
          </li>
        ))}
      </ul>
    </div>
  );
}
