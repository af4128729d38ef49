import { expect, it } from 'vitest';
import { createDefectReport } from '../../lambdas/send-delivery/defect-report.ts';
import { DEFECT_SECRET } from '../support/new-cloud.ts';

const TEN_MINUTES_MS = 10 * 60_000;

it('logs an error of our own that is counted as a failure of an endpoint once in ten minutes, where it was thrown', () => {
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const report = createDefectReport(
    { now: () => now },
    {
      info: () => undefined,
      warn: () => undefined,
      error: (message, fields) => lines.push({ message, ...fields }),
    },
  );
  const fail = () => report(new TypeError(DEFECT_SECRET));

  for (let n = 0; n < 100; n++) fail();
  report(new RangeError(DEFECT_SECRET));
  now += TEN_MINUTES_MS;
  fail();

  const stack = expect.arrayContaining([expect.stringContaining('test/send-delivery/defect-report.test.ts')]);
  expect(lines).toMatchObject([
    { why: 'TypeError', stack, omitted_before: 0 },
    { why: 'RangeError', stack, omitted_before: 99 },
    { why: 'TypeError', stack, omitted_before: 0 },
  ]);
  expect(lines[0]?.message).toBe(
    'an error of our own while a response was read is counted as a failure of the endpoint',
  );
  expect(JSON.stringify(lines)).not.toContain(DEFECT_SECRET);
});
