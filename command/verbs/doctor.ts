import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { alarms } from '../doctor/alarms.ts';
import { apiKeys } from '../doctor/api-keys.ts';
import { apiRequests } from '../doctor/api-requests.ts';
import { bootstrap } from '../doctor/bootstrap.ts';
import { canary } from '../doctor/canary.ts';
import { type Check, type Result, runChecks } from '../doctor/check.ts';
import { concurrency } from '../doctor/concurrency.ts';
import { QUEUE_CHECKS } from '../doctor/queues.ts';
import { deployment } from '../doctor/stack.ts';
import { testDelivery } from '../doctor/test-delivery.ts';
import { accountOf } from '../shared/account.ts';
import { accountOption, webhookOption } from '../shared/options.ts';
import { findTarget } from '../shared/target.ts';
import { plural, printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

/** To add a check, write its file in `../doctor/` and add it here. */
const CHECKS: readonly Check[] = [
  deployment,
  bootstrap,
  concurrency,
  apiRequests,
  alarms,
  ...QUEUE_CHECKS,
  apiKeys,
  canary,
  testDelivery,
];

const WORDS: Readonly<Record<Result['status'], string>> = {
  ok: 'ok',
  problem: 'PROBLEM',
  not_checked: 'not checked',
};

export function build(io: Io) {
  return stackCommand('doctor')
    .description(
      'Checks the stack and its AWS account, and states how to correct each problem. It changes nothing, except that it sends a test event with --webhook. Exit status 2: it found a problem.',
    )
    .option('--webhook <id>', 'sends a test event to this webhook', webhookOption)
    .option('--account <id>', "the webhook's account; default: the local cloud's account", accountOption)
    .action(async (options) => {
      const { stack, webhook, account } = options;
      if (account !== undefined && webhook === undefined) throw new Error('--account needs --webhook');
      const target = await findTarget(options, io);
      const test =
        webhook === undefined ? undefined : { accountId: accountOf(account, target), webhookId: webhook };
      const results = await runChecks(CHECKS, { target, stack, io, clock: systemClock, test });
      const problems = results.filter(({ status }) => status === 'problem');
      io.answer(options, {
        json: { problems: problems.length, checks: results },
        text: describe(results, problems.length),
        exitStatus: problems.length > 0 ? 2 : 0,
      });
    });
}

function describe(results: readonly Result[], problems: number): string {
  const rows = results.flatMap(({ name, status, detail, advice }) => [
    [WORDS[status], name, printable(detail)],
    ...(advice === undefined ? [] : [['', '', `To correct it: ${advice}`]]),
  ]);
  const summary = problems === 0 ? 'No problem was found.' : `${plural(problems, 'problem')} found.`;
  return `${formatTable({ rows, words: [0, 1, 2] }, 'text')}\n\n${summary}`;
}
