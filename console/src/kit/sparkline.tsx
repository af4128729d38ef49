import { KIT } from '../texts/kit.ts';
import { number } from '../texts/language.ts';
import { barHeight } from './chart-scale.ts';

const SLOTS = 25;
const SLOT = 4;
const HALF = 12;

export interface SparkHour {
  readonly delivered: number;
  readonly failed: number;
}

/** The last day by hours: successes above the line, failures below. Hours at the end; missing ones before are empty. */
export function Sparkline({ hours }: { hours: readonly SparkHour[] }) {
  const shown = hours.slice(-SLOTS);
  const max = Math.max(1, ...shown.flatMap(({ delivered, failed }) => [delivered, failed]));
  const sum = (key: keyof SparkHour): string => number(shown.reduce((total, hour) => total + hour[key], 0));
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${SLOTS * SLOT} ${2 * HALF + 1}`}
      role="img"
      aria-label={KIT.succeededOf(sum('delivered'), sum('failed'))}
    >
      <path class="axis" d={`M0 ${HALF + 0.5}h${SLOTS * SLOT}`} />
      {shown.map((hour, index) => {
        const x = (SLOTS - shown.length + index) * SLOT;
        const up = barHeight(hour.delivered, max, HALF);
        return [
          <rect class="quiet-bar" x={x} y={HALF - up} width={SLOT - 1} height={up} />,
          <rect
            class="bad-bar"
            x={x}
            y={HALF + 1}
            width={SLOT - 1}
            height={barHeight(hour.failed, max, HALF)}
          />,
        ];
      })}
    </svg>
  );
}
