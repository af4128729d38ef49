import { type EmfValue, parseEmf } from '../parse-emf.ts';
import type { MetricReport } from './metric-report.ts';

/** Reports each line of a log group, and the metrics in it. */
export function createLogMetrics(
  report: MetricReport,
  add: (value: EmfValue) => void,
): (logGroupName: string, line: string) => void {
  return (LogGroupName, line) => {
    const dimensions = { LogGroupName };
    report({ namespace: 'AWS/Logs', name: 'IncomingBytes', dimensions }, Buffer.byteLength(line));
    report({ namespace: 'AWS/Logs', name: 'IncomingLogEvents', dimensions }, 1);
    for (const value of parseEmf(line)) add(value);
  };
}
