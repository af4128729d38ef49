import { useState } from 'preact/hooks';
import { KIT } from '../texts/kit.ts';
import { clockTime, number } from '../texts/language.ts';
import { barHeight, moveSelection, readPosition, stackBars } from './chart-scale.ts';

const SLOT = 40;
const BAR = 28;
const UP = 64;
const DOWN = 64;

export interface ChartHour<Id extends string = string> {
  /** The beginning of the hour. */
  readonly start: string;
  /** Above the line. */
  readonly delivered: number;
  /** Below the line. */
  readonly failed: Readonly<Partial<Record<Id, number>>>;
}

interface HourChartProps<Id extends string> {
  readonly label: string;
  readonly hours: readonly ChartHour<Id>[];
  /** The classes of failures with their words, in the order in which they are stacked. At most 8. */
  readonly classes: Readonly<Record<Id, string>>;
}

/** Successes above the line, failures by class below. The arrow keys select an hour, and a table has the figures. */
export function HourChart<Id extends string>({ label, hours, classes }: HourChartProps<Id>) {
  const [selected, select] = useState<number>();
  const [hovered, hover] = useState<number>();
  const [isTableShown, showTable] = useState(false);
  if (hours.length === 0) return <p class="secondary">{KIT.noHours}</p>;

  const ids = Object.keys(classes) as Id[];
  const used = ids.filter((id) => hours.some(({ failed }) => (failed[id] ?? 0) > 0));
  const failedOf = ({ failed }: ChartHour<Id>): number =>
    used.reduce((sum, id) => sum + (failed[id] ?? 0), 0);
  const max = Math.max(1, ...hours.flatMap((hour) => [hour.delivered, failedOf(hour)]));
  const position = readPosition(hours, hovered, selected);
  const hour = hours[position];
  const now = Date.now();
  const sentence = hour === undefined ? '' : describe(hour);

  function describe(described: ChartHour<Id>): string {
    const parts = used.flatMap((id) => {
      const value = described.failed[id] ?? 0;
      return value === 0 ? [] : [`${classes[id]}: ${number(value)}`];
    });
    const failed = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
    const sums = KIT.attemptsOf(number(described.delivered), number(failedOf(described)));
    return `${hourText(described.start, now)}: ${sums}${failed}`;
  }

  return (
    <div class="chart">
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${label}. ${KIT.chartKeys}`}
        aria-valuemin={0}
        aria-valuemax={hours.length - 1}
        aria-valuenow={position}
        aria-valuetext={sentence}
        onKeyDown={(event) => {
          const next = moveSelection(event.key, position, hours.length);
          if (next === undefined) return;
          event.preventDefault();
          hover(undefined);
          select(next);
        }}
      >
        <svg
          viewBox={`0 0 ${hours.length * SLOT} ${UP + DOWN + 2}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          onMouseLeave={() => hover(undefined)}
        >
          <rect class="selected" x={position * SLOT} width={SLOT} height={UP + DOWN + 2} />
          <path class="axis" d={`M0 ${UP + 1}h${hours.length * SLOT}`} />
          {hours.map((shown, index) => {
            const x = index * SLOT + (SLOT - BAR) / 2;
            const up = barHeight(shown.delivered, max, UP);
            const down = stackBars(
              used.map((id) => [id, shown.failed[id] ?? 0] as const),
              max,
              DOWN,
            );
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the mouse selects an hour; the keyboard does so by the slider.
              <g key={shown.start} onMouseEnter={() => hover(index)}>
                <rect class="catcher" x={index * SLOT} width={SLOT} height={UP + DOWN + 2} />
                <rect class="quiet-bar" x={x} y={UP - up} width={BAR} height={up} />
                {down.map(({ id, offset, height }) => (
                  <rect
                    key={id}
                    class={`class-${ids.indexOf(id)}`}
                    x={x}
                    y={UP + 2 + offset}
                    width={BAR}
                    height={height}
                  />
                ))}
              </g>
            );
          })}
        </svg>
      </div>
      <p class="chart-line">{sentence}</p>
      <ul class="legend">
        <li>
          <span class="swatch quiet-bar" aria-hidden="true" /> {KIT.delivered}
        </li>
        {used.map((id) => (
          <li key={id}>
            <span class={`swatch class-${ids.indexOf(id)}`} aria-hidden="true" /> {classes[id]}
          </li>
        ))}
      </ul>
      <details onToggle={(event) => showTable(event.currentTarget.open)}>
        <summary>{KIT.figures}</summary>
        {/* Rendered when it is opened: it has up to 25 rows. */}
        {isTableShown && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
          <section class="scroll" aria-label={KIT.figures} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{KIT.hour}</th>
                  {[KIT.delivered, ...used.map((id) => classes[id])].map((word) => (
                    <th key={word} scope="col" class="number">
                      {word}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {hours.map((shown) => (
                  <tr key={shown.start}>
                    <th scope="row">{hourText(shown.start, now)}</th>
                    <td class="number">{number(shown.delivered)}</td>
                    {used.map((id) => (
                      <td key={id} class="number">
                        {number(shown.failed[id] ?? 0)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </details>
    </div>
  );
}

/** "14:00–15:00". The hours of the API begin at full hours UTC, so at :30 in some zones. */
function hourText(start: string, now: number): string {
  const from = Date.parse(start);
  const until = from + 3_600_000;
  return `${clockTime(from, now)}–${clockTime(until, until)}`;
}
