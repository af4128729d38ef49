import { Option } from '@commander-js/extra-typings';
import { RECOVERABLE_STATUSES } from '../../lambdas/shared/domain/recovery.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import type { Api } from '../../local/api-client.ts';
import { accountOf } from '../shared/account.ts';
import { withApi } from '../shared/api.ts';
import { textOf } from '../shared/delivery-text.ts';
import { accountOption, recoveryOption, timeOption, webhookOption } from '../shared/options.ts';
import { findTarget } from '../shared/target.ts';
import { type Answer, type Io, stackCommand } from '../verb.ts';

/** A recovery makes a step every 20 s, and counts results once a minute. */
const POLL_MS = 5_000;

const EPILOGUE = `
Without --dry-run, --show or --stop it starts a recovery, which runs in the background.
Exit status with --wait: 0 it is done; 2 it was stopped.`;

type Json = Record<string, unknown>;

export function build(io: Io) {
  return stackCommand('recover')
    .description('Repeats the held and exhausted deliveries of a webhook in a period.')
    .option('--account <id>', "the webhook's account; default: the local cloud's account", accountOption)
    .option('--webhook <id>', 'the webhook', webhookOption)
    .option('--since <time>', 'events accepted then or later: RFC 3339, or 30m, 6h, 2d ago', timeOption)
    .option('--until <time>', 'events accepted before; default: now', timeOption)
    .addOption(new Option('--status <status>', 'only this status').choices(RECOVERABLE_STATUSES))
    .option('--dry-run', 'only counts the deliveries')
    .option('--show <recovery>', 'shows the progress of a recovery', recoveryOption)
    .option('--stop <recovery>', 'stops a recovery', recoveryOption)
    .option('--wait', 'waits until the recovery is done or stopped')
    .addHelpText('after', EPILOGUE)
    .action(async (options) => {
      const request = readRequest(options);
      const target = await findTarget(options, io);
      const { wait = false } = options;
      const answer = await withApi(target, accountOf(options.account, target), 'recover', io, async (api) => {
        const { method, path, body } = request;
        const first = await api.call(method, path, body);
        if ('count' in first) return countAnswer(first);
        return recoveryAnswer(wait ? await waitForEnd(api, first, io) : first, wait);
      });
      io.answer(options, answer);
    });
}

interface RecoverOptions {
  readonly webhook?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly status?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly show?: string | undefined;
  readonly stop?: string | undefined;
  readonly wait?: true | undefined;
}

/** Throws on options that exclude each other, or that are missing. */
function readRequest(given: RecoverOptions): {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: Json;
} {
  const { webhook, since, until, status, dryRun, show, stop, wait } = given;
  const existing = show ?? stop;
  if (existing !== undefined) {
    const others = { webhook, since, until, status, 'dry-run': dryRun, ...(show && { stop }) };
    const excluded = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
    const option = show === undefined ? '--stop' : '--show';
    if (excluded !== undefined) throw new Error(`give either ${option} or --${excluded}`);
    return { method: show === undefined ? 'DELETE' : 'GET', path: `/v1/recoveries/${existing}` };
  }
  if (webhook === undefined || since === undefined) {
    const missing = webhook === undefined ? '--webhook <id>' : '--since <time>';
    throw new Error(`${missing} is missing; or give --show or --stop with the id of a recovery`);
  }
  if (dryRun && wait) throw new Error('give either --dry-run or --wait: a dry run starts nothing');
  return {
    method: 'POST',
    path: `/v1/webhooks/${webhook}/recover`,
    body: {
      since,
      ...(until === undefined ? {} : { until }),
      ...(status === undefined ? {} : { status: [status] }),
      ...(dryRun ? { dry_run: true } : {}),
    },
  };
}

async function waitForEnd(api: Api, started: Json, io: Pick<Io, 'progress'>): Promise<Json> {
  let recovery = started;
  let last = '';
  while (recovery.status === 'running') {
    const line = progressOf(recovery);
    if (line !== last) io.progress(line);
    last = line;
    await systemClock.sleep(POLL_MS);
    recovery = await api.call('GET', `/v1/recoveries/${recovery.id}`);
  }
  return recovery;
}

function countAnswer(counted: Json): Answer {
  const count = `${counted.at_least ? 'at least ' : ''}${counted.count}`;
  return { json: counted, text: `Deliveries that a recovery would repeat: ${count}. Nothing was changed.` };
}

function recoveryAnswer(recovery: Json, wait: boolean): Answer {
  const reason = recovery.reason === null ? '' : ` (${textOf(recovery.reason)})`;
  return {
    json: recovery,
    text: `${textOf(recovery.id)}\n\n${textOf(recovery.status)}${reason}: ${progressOf(recovery)}`,
    exitStatus: wait && recovery.status === 'stopped' ? 2 : 0,
  };
}

function progressOf({ found, enqueued, expired, delivered, failed }: Json): string {
  return `${found} found, ${enqueued} enqueued, ${expired} expired, ${delivered} delivered, ${failed} failed`;
}
