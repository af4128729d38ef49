import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { checkEndpointUrl } from '../../lambdas/shared/domain/endpoint-url.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { type Api, createApi } from '../../local/api-client.ts';
import { describeEvent } from '../listen/describe.ts';
import { createForward } from '../listen/forward.ts';
import { listen } from '../listen/listen.ts';
import { accountOf } from '../shared/account.ts';
import { withApi } from '../shared/api.ts';
import { accountOption } from '../shared/options.ts';
import { findTarget, requireOutput, type TargetOptions } from '../shared/target.ts';
import { type Io, stackCommand } from '../verb.ts';

const EPILOGUE = `
A customer's developer needs the API's address and a key: --api-url https://… --api-key whk_…
An operator may leave both out: a key is created for the command and revoked at its end.`;

export function build(io: Io) {
  return stackCommand('listen')
    .description(
      'Forwards events to a URL on this machine as the requests that a webhook gets, without a public URL. No retries.',
    )
    .requiredOption(
      '--forward-to <url>',
      'where the requests are sent, such as http://localhost:3000/hook',
      urlOption,
    )
    .option('--events <list>', 'types or patterns, joined by commas', listOption, ['*'])
    .option('--secret <text>', 'signs the requests; default: a new one, which is printed')
    .option('--api-url <url>', "the customers' API; default: that of the stack")
    .addOption(new Option('--api-key <key>', "the account's API key").env('WEBHOOK_API_KEY'))
    .option(
      '--account <id>',
      "without --api-key: the account; default: the local cloud's account",
      accountOption,
    )
    .addHelpText('after', EPILOGUE)
    .action(async (options) => {
      const { forwardTo: url, events, secret } = options;
      const ended = new AbortController();
      const end = (): void => ended.abort();
      process.once('SIGINT', end).once('SIGTERM', end);
      const forward = createForward(url, ended.signal);
      try {
        await withAccountApi(options, io, (api) =>
          listen(
            {
              api,
              forward,
              clock: systemClock,
              signal: ended.signal,
              show: (event) => {
                if (event.kind === 'trouble') io.warn(`${event.reason}; trying again`);
                else io.answer(options, describeEvent(event, { url, events }));
              },
            },
            { events, secret },
          ),
        );
      } finally {
        process.off('SIGINT', end).off('SIGTERM', end);
      }
    });
}

interface ApiOptions extends TargetOptions {
  readonly apiUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly account?: AccountId | undefined;
}

/** Calls the API with the given key, or as an operator with a key that is created for the command. */
async function withAccountApi(options: ApiOptions, io: Io, use: (api: Api) => Promise<void>): Promise<void> {
  const { apiUrl, apiKey, account } = options;
  if (apiUrl !== undefined) {
    if (apiKey === undefined) throw new Error('--api-url needs --api-key');
    return use(createApi(apiUrl.replace(/\/$/, ''), async () => apiKey));
  }
  const target = await findTarget(options, io);
  if (apiKey === undefined) return withApi(target, accountOf(account, target), 'listen', io, use);
  return use(createApi(requireOutput(target, 'ApiUrl'), async () => apiKey));
}

function urlOption(text: string): string {
  const checked = checkEndpointUrl(text, { allowPrivateEndpoints: true });
  if (checked.ok) return checked.url;
  throw new InvalidArgumentError(`${checked.reason}.`);
}

function listOption(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
