import type { components } from '../../api/schema.d.ts';

type Activity = components['schemas']['Activity']['data'][number];

export interface DayFigures {
  /** From 0 to 1; undefined: no delivery has ended. */
  readonly successRate: number | undefined;
  readonly held: number;
  /** Whether the day has more deliveries than were read. */
  readonly isPartial: boolean;
}

/** The sums of the hours of one webhook. */
export function figuresOf({ hours, complete }: Pick<Activity, 'hours' | 'complete'>): DayFigures {
  const delivered = hours.reduce((sum, hour) => sum + hour.delivered, 0);
  const exhausted = hours.reduce((sum, hour) => sum + hour.exhausted, 0);
  const ended = delivered + exhausted;
  return {
    successRate: ended === 0 ? undefined : delivered / ended,
    held: hours.reduce((sum, hour) => sum + hour.held, 0),
    isPartial: !complete,
  };
}
