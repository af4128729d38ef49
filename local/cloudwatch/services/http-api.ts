import type { MetricReport } from './metric-report.ts';

export interface HttpApiResponse {
  readonly apiId: string;
  readonly stageName: string;
  readonly status: number;
  readonly latencyMs: number;
  /** The size of the bodies of the request and the response. */
  readonly bytes: number;
}

/** The metrics of an HTTP API, of the whole API and of its stage. */
export function createHttpApiMetrics(report: MetricReport): (response: HttpApiResponse) => void {
  return ({ apiId: ApiId, stageName: Stage, status, latencyMs, bytes }) => {
    const values = {
      Count: 1,
      '4xx': status >= 400 && status < 500 ? 1 : 0,
      '5xx': status >= 500 ? 1 : 0,
      Latency: latencyMs,
      IntegrationLatency: latencyMs,
      DataProcessed: bytes,
    };
    for (const dimensions of [{ ApiId }, { ApiId, Stage }]) {
      for (const [name, value] of Object.entries(values)) {
        report({ namespace: 'AWS/ApiGateway', name, dimensions }, value);
      }
    }
  };
}
