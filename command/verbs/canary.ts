import { Command } from '@commander-js/extra-typings';
import { CANARY_ACCOUNT } from '../../lambdas/shared/domain/canary.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { findCanaryWebhooks, receiverIn, requireCanaryUrl } from '../canary/find-webhooks.ts';
import { startCanary } from '../canary/start.ts';
import { withApi } from '../shared/api.ts';
import { findTarget } from '../shared/target.ts';
import { plural } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

export function build(io: Io) {
  return new Command('canary')
    .description("Registers the deployment's own webhook, to which an event is sent every five minutes.")
    .addCommand(start(io))
    .addCommand(stop(io))
    .addCommand(status(io));
}

function start(io: Io) {
  return stackCommand('start')
    .description('Registers the webhook and waits until it has answered its challenge. May be repeated.')
    .action(async (options) => {
      const target = await findTarget(options, io);
      const url = requireCanaryUrl(target);
      const existing = await findCanaryWebhooks(target);
      const webhookId = await withApi(target, CANARY_ACCOUNT, 'canary', io, (api) =>
        startCanary(api, { url, existing, clock: systemClock, onProgress: io.progress }),
      );
      io.answer(options, {
        json: { webhook_id: webhookId, url },
        text: `${webhookId}\n\nThe canary's webhook is active. The next event is sent within five minutes; the alarm canary-silent turns off when the event has arrived.`,
      });
    });
}

function stop(io: Io) {
  return stackCommand('stop')
    .description(
      'Deletes the webhook. The alarm canary-silent then turns on, unless the deployment has no canary.',
    )
    .action(async (options) => {
      const target = await findTarget(options, io);
      const existing = await findCanaryWebhooks(target);
      if (existing.length > 0) {
        await withApi(target, CANARY_ACCOUNT, 'canary', io, async (api) => {
          for (const { id } of existing) await api.call('DELETE', `/v1/webhooks/${id}`);
        });
      }
      io.answer(options, {
        json: { deleted: existing.map(({ id }) => id) },
        text: `Deleted ${plural(existing.length, 'webhook')} of the canary.`,
      });
    });
}

function status(io: Io) {
  return stackCommand('status')
    .description('Shows the webhook. Exit status 2: no webhook receives the event.')
    .action(async (options) => {
      const target = await findTarget(options, io);
      const url = requireCanaryUrl(target);
      const webhooks = await findCanaryWebhooks(target);
      const receiver = receiverIn(webhooks, url);
      const rows = webhooks.map((webhook) => `${webhook.id} is ${webhook.status}: ${webhook.url}`);
      const advice = `No webhook receives the canary's event at ${url}. Run "canary start".`;
      io.answer(options, {
        json: {
          url,
          receives: receiver !== undefined,
          webhooks: webhooks.map(({ id, status: state, url: at }) => ({ id, status: state, url: at })),
        },
        text: [...rows, ...(receiver === undefined ? [advice] : [])].join('\n'),
        exitStatus: receiver === undefined ? 2 : 0,
      });
    });
}
