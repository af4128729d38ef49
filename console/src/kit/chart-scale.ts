/** A bar of the smallest value that is not 0, in pixels, so that one failure among thousands is seen. */
const MIN_BAR = 2;

/** The height of a bar in pixels. `max` is the value of the highest bar. */
export function barHeight(value: number, max: number, pixels: number): number {
  if (value <= 0 || max <= 0) return 0;
  return Math.max(MIN_BAR, Math.round((value / max) * pixels));
}

/** A part of a stack: from `offset`, both in pixels. */
export interface StackedBar<Id extends string = string> {
  readonly id: Id;
  readonly offset: number;
  readonly height: number;
}

/** Bars on top of each other, without those of 0. */
export function stackBars<Id extends string>(
  values: readonly (readonly [Id, number])[],
  max: number,
  pixels: number,
): StackedBar<Id>[] {
  let offset = 0;
  const bars: StackedBar<Id>[] = [];
  for (const [id, value] of values) {
    const height = barHeight(value, max, pixels);
    if (height > 0) bars.push({ id, offset, height });
    offset += height;
  }
  return bars;
}

/** The next selected entry of a chart for a key, or undefined for a key that it does not use. */
export function moveSelection(key: string, selected: number, length: number): number | undefined {
  const last = length - 1;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, selected - 1);
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, selected + 1);
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
}

interface Hour {
  readonly delivered: number;
  readonly failed: Readonly<Record<string, number | undefined>>;
}

/**
 * The hour whose figures are shown: the hour below the mouse, else the one that was chosen by keys, else the last one with a
 * failure, else the last one with a success, else the last one. There may be fewer hours than when one was chosen, but at
 * least one.
 */
export function readPosition(
  hours: readonly Hour[],
  hovered: number | undefined,
  selected: number | undefined,
): number {
  const failed = hours.findLastIndex((hour) => Object.values(hour.failed).some((value) => Number(value) > 0));
  const delivered = hours.findLastIndex((hour) => hour.delivered > 0);
  const last = hours.length - 1;
  const [telling = last] = [failed, delivered].filter((index) => index >= 0);
  return Math.min(hovered ?? selected ?? telling, last);
}
