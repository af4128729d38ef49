import type { Delivery } from './deliveries.ts';

/** What is recorded, and what lies on the exhausted queue, says what a person will want to know. */
export function* checkContents({ record, redriveOf, exhausted }: Delivery): Generator<string> {
  for (const [name, attempt] of Object.entries(record ?? {})) {
    if (/^attempt_\d$/.test(name) && !tells(attempt)) yield `${name} does not tell how it ended`;
  }
  if (record !== undefined && redriveOf !== undefined && record.redrive_of !== redriveOf) {
    yield `it was redriven from ${redriveOf}, and does not say so`;
  }
  for (const body of exhausted) {
    const { history, attempt } = JSON.parse(body);
    const isWhole = Array.isArray(history) && history.length === attempt && history.every(tells);
    if (!isWhole)
      yield `its message on the exhausted queue tells of ${history?.length} of ${attempt} attempts`;
  }
}

function tells(attempt: unknown): boolean {
  return typeof attempt === 'object' && attempt !== null && ('status' in attempt || 'error' in attempt);
}
