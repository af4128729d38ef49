import { accountOf } from '../shared/account.ts';
import { withLambda } from '../shared/clients.ts';
import { operatorName } from '../shared/operator.ts';
import { accountOption, durationOption } from '../shared/options.ts';
import { findTarget } from '../shared/target.ts';
import { type Io, stackCommand } from '../verb.ts';

export function build(io: Io) {
  return stackCommand('portal')
    .description(
      'Prints a link that signs a person in to the console of one account. It works once, within an hour, and the person ' +
        'confirms it by a button. Whoever opens it first is signed in: send it to that person only.',
    )
    .option('--account <id>', 'the account; default: that of the local cloud', accountOption)
    .option('--read-only', 'the person can see everything and change nothing')
    .option('--ttl <duration>', 'how long the person stays signed in, 1m to 24h; default: 1h', durationOption)
    .option('--actor <name>', 'the person, as the audit log names them; default: you', operatorName())
    .option('--return-url <url>', 'the page that the console links back to')
    .action(async (options) => {
      const target = await findTarget(options, io);
      const functionName = target.outputs.PortalFunctionName;
      if (functionName === undefined) {
        throw new Error(
          'the stack has no portal function; deploy it with the setting portal, such as WEBHOOK_FANOUT_PORTAL=true',
        );
      }
      const { createLink } = await import('../portal/create-link.ts');
      const link = await withLambda(target, (lambda) =>
        createLink(lambda, functionName, {
          account: accountOf(options.account, target),
          actor: options.actor,
          read_only: options.readOnly === true,
          ttl: options.ttl,
          return_url: options.returnUrl,
          confirm: true,
        }),
      );
      io.answer(options, {
        json: { url: link.url, session_id: link.sessionId, expires_at: link.expiresAt },
        text: `${link.url}\n\nThe link works once, until ${link.expiresAt}. Its session is ${link.sessionId}.`,
      });
    });
}
