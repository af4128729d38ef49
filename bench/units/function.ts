import { subscribe } from 'node:diagnostics_channel';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FromFunction, ToFunction, Wait } from './function-protocol.ts';

/**
 * A process that is one execution environment: it loads a bundle, runs one event at a time, and reports its own CPU
 * time, memory and waits for AWS.
 */

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const send = (message: FromFunction): void => {
  process.send?.(message);
};
const { host: awsHost, origin: awsOrigin } = new URL(process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1');
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Enabled by the first `state` request: its timer runs every millisecond, and would be counted as CPU time before. */
const delay = monitorEventLoopDelay({ resolution: 1 });
let waits: Wait[] = [];
const open = new Map<object, number>();

/** Node's own HTTP client, which the SDK's default handler uses. */
subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: { host: string; getHeader(name: string): unknown } };
  if (request.getHeader('host') === awsHost) open.set(request, now());
});
subscribe('http.client.response.finish', (message) => end((message as { request: object }).request));
/** undici, if the bundle uses it for AWS. */
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { origin: string | URL } };
  if (String(request.origin) === awsOrigin) open.set(request, now());
});
subscribe('undici:request:trailers', (message) => end((message as { request: object }).request));

function end(request: object): void {
  const startedAt = open.get(request);
  if (startedAt === undefined) return;
  open.delete(request);
  waits.push({ startedAt, endedAt: now() });
}

let handler: Handler | undefined;

process.on('message', (message: ToFunction) => {
  if (message.kind === 'load') void load(message.module, message.exportName);
  else if (message.kind === 'invoke') void invoke(message.event, message.context);
  else {
    send({
      kind: 'state',
      rssBytes: process.memoryUsage().rss,
      maxRssBytes: process.resourceUsage().maxRSS * 1024,
      delayP99Ms: delay.percentile(99) / 1e6,
    });
    delay.reset();
    delay.enable();
  }
});

async function load(module: string, exportName: string): Promise<void> {
  const startedAt = now();
  const before = process.cpuUsage();
  const exports = await import(module);
  handler = exports[exportName];
  send({ kind: 'loaded', wallMs: now() - startedAt, cpuUs: cpuSince(before) });
}

async function invoke(event: string, { timeoutMs, ...fields }: InvokeContext): Promise<void> {
  waits = [];
  const before = process.cpuUsage();
  const startedAt = now();
  const deadline = Date.now() + timeoutMs;
  const context = { ...fields, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) };
  let payload = 'null';
  let error: string | undefined;
  try {
    payload = JSON.stringify(await handler?.(JSON.parse(event), context)) ?? 'null';
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  send({
    ...{ kind: 'ended', payload, startedAt, endedAt: now(), cpuUs: cpuSince(before), waits },
    ...(error === undefined ? {} : { error }),
  });
}

type InvokeContext = Extract<ToFunction, { kind: 'invoke' }>['context'];

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
