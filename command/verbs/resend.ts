import { accountOf } from '../shared/account.ts';
import { withApi } from '../shared/api.ts';
import { textOf } from '../shared/delivery-text.ts';
import { accountOption, deliveryArgument, webhookOption } from '../shared/options.ts';
import { findTarget } from '../shared/target.ts';
import { type Io, stackCommand } from '../verb.ts';

export function build(io: Io) {
  return stackCommand('resend')
    .description('Sends a delivery again, as a new delivery of the same event to the current URL.')
    .argument('<delivery>', 'the id of the delivery', deliveryArgument)
    .requiredOption('--webhook <id>', 'the webhook', webhookOption)
    .option('--account <id>', "the webhook's account; default: the local cloud's account", accountOption)
    .action(async (delivery, options) => {
      const { webhook, account } = options;
      const target = await findTarget(options, io);
      const resent = await withApi(target, accountOf(account, target), 'resend', io, (api) =>
        api.call('POST', `/v1/webhooks/${webhook}/deliveries/${delivery}/resend`),
      );
      io.answer(options, {
        json: resent,
        text: `${textOf(resent.delivery_id)}\n\nThe new delivery of ${textOf(resent.event_id)} is queued.`,
      });
    });
}
