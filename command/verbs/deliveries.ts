import { Command } from '@commander-js/extra-typings';
import { DELIVERY_STATUSES } from '../../lambdas/shared/domain/delivery.ts';
import type { Api } from '../../local/api-client.ts';
import { accountOf } from '../shared/account.ts';
import { withApi } from '../shared/api.ts';
import { deliveryTable, deliveryText, listOf } from '../shared/delivery-text.ts';
import {
  accountOption,
  deliveryArgument,
  timeOption,
  webhookOption,
  wholeNumber,
} from '../shared/options.ts';
import { findTarget } from '../shared/target.ts';
import { type Io, stackCommand } from '../verb.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;
/** The API's largest page. */
const PAGE_SIZE = 100;

export function build(io: Io) {
  return new Command('deliveries')
    .description("Shows the delivery log of a webhook, as the customer's API does.")
    .addCommand(list(io))
    .addCommand(show(io));
}

function list(io: Io) {
  return stackCommand('list')
    .description('Lists the deliveries of a webhook, newest first.')
    .requiredOption('--webhook <id>', 'the webhook', webhookOption)
    .option('--account <id>', "the webhook's account; default: the local cloud's account", accountOption)
    .option('--status <list>', `only these statuses, joined by commas: ${DELIVERY_STATUSES.join(', ')}`)
    .option('--type <name>', 'only events of exactly this type')
    .option('--since <time>', 'accepted then or later: RFC 3339, or 30m, 6h, 2d ago', timeOption)
    .option('--until <time>', 'accepted before: RFC 3339, or 30m, 6h, 2d ago', timeOption)
    .option('--limit <n>', 'list at most this many', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .action(async (options) => {
      const { webhook, account, status, type, since, until, limit } = options;
      const target = await findTarget(options, io);
      const filter = { status, event_type: type, since, until };
      const found = await withApi(target, accountOf(account, target), 'deliveries list', io, (api) =>
        readPages(api, `/v1/webhooks/${webhook}/deliveries`, filter, limit, io),
      );
      const more = found.mayHaveMore ? '\nThere may be more: --limit was reached.' : '';
      io.answer(options, {
        json: { deliveries: found.deliveries, may_have_more: found.mayHaveMore },
        text: `${deliveryTable(found.deliveries)}${more}`,
      });
    });
}

function show(io: Io) {
  return stackCommand('show')
    .description('Shows a delivery with every recorded attempt.')
    .argument('<delivery>', 'the id of the delivery', deliveryArgument)
    .requiredOption('--webhook <id>', 'the webhook', webhookOption)
    .option('--account <id>', "the webhook's account; default: the local cloud's account", accountOption)
    .action(async (delivery, options) => {
      const { webhook, account } = options;
      const target = await findTarget(options, io);
      const found = await withApi(target, accountOf(account, target), 'deliveries show', io, (api) =>
        api.call('GET', `/v1/webhooks/${webhook}/deliveries/${delivery}`),
      );
      io.answer(options, { json: found, text: deliveryText(found) });
    });
}

async function readPages(
  api: Api,
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  limit: number,
  io: Pick<Io, 'progress'>,
): Promise<{ deliveries: Readonly<Record<string, unknown>>[]; mayHaveMore: boolean }> {
  const deliveries: Readonly<Record<string, unknown>>[] = [];
  let cursor: unknown;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE_SIZE, limit - deliveries.length)) });
    for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
    if (typeof cursor === 'string') query.set('cursor', cursor);
    const page = await api.call('GET', `${path}?${query}`);
    deliveries.push(...listOf(page.data));
    cursor = page.next_cursor;
    if (typeof cursor === 'string') io.progress(`${deliveries.length} found so far …`);
  } while (typeof cursor === 'string' && deliveries.length < limit);
  return { deliveries, mayHaveMore: typeof cursor === 'string' };
}
