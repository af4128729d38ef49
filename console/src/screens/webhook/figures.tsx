import { type ChartHour, HourChart } from '../../kit/hour-chart.tsx';
import { Figures, Section } from '../../kit/layout.tsx';
import type { Health } from '../../parts/health.ts';
import { type AttemptError, ERROR_CLASSES } from '../../texts/causes.ts';
import { duration, number, percent } from '../../texts/language.ts';
import { WEBHOOK } from '../../texts/webhook.ts';

function heldOf({ hours }: Pick<Health, 'hours'>): number {
  return hours.reduce((sum, { held }) => sum + held, 0);
}

/** The last day: figures, and a chart by hours. */
export function DayFigures({ health }: { health: Health }) {
  const { last_day: day, hours } = health;
  const texts = WEBHOOK.figures;
  if (hours.every(isEmpty)) {
    return (
      <Section title={texts.title}>
        <p>{texts.nothing}</p>
      </Section>
    );
  }
  const time = (ms: number | null): string => (ms === null ? texts.none : duration(ms));
  return (
    <Section title={texts.title}>
      <div class="stack wide">
        <Figures
          figures={[
            {
              label: texts.success,
              value: day.success_rate === null ? texts.none : percent(day.success_rate),
            },
            { label: texts.delivered, value: number(day.delivered) },
            { label: texts.failed, value: number(day.exhausted) },
            { label: texts.held, value: number(heldOf(health)) },
            { label: texts.p50, value: time(day.p50_ms) },
            { label: texts.p99, value: time(day.p99_ms) },
          ]}
        />
        {!day.complete && <p class="secondary">{texts.partial}</p>}
        <HourChart label={texts.chart} hours={hours.map(toChartHour)} classes={ERROR_CLASSES} />
        <p class="secondary">{texts.chartNote}</p>
      </div>
    </Section>
  );
}

function isEmpty({ delivered, exhausted, retrying, held }: Health['hours'][number]): boolean {
  return delivered + exhausted + retrying + held === 0;
}

function toChartHour({
  start,
  delivered,
  failed_attempts,
}: Health['hours'][number]): ChartHour<AttemptError> {
  return { start, delivered, failed: failed_attempts };
}
