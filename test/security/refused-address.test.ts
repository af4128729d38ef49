import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toWebhookView } from '../../lambdas/serve-api/webhooks/webhook-view.ts';
import { checkEndpointUrl } from '../../lambdas/shared/domain/endpoint-url.ts';
import { createPoster } from '../../lambdas/shared/http/post.ts';
import { eventId, message } from '../support/builders.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { trackResources } from '../support/open-resources.ts';

const URL_OF_A_PRIVATE_NETWORK = 'https://intranet.customer.example/hook';
const REASON = 'intranet.customer.example has an address that is not public: it is in a private network';

const open = trackResources();
let world: InProcessStack;

beforeEach(async () => {
  const dns = open.add(await startDnsServer());
  dns.set('intranet.customer.example', { addresses: ['10.1.2.3'] });
  const resolver = new Resolver({ timeout: 300_000, tries: 1 });
  resolver.setServers([dns.address]);
  const poster = open.add(createPoster({ allowPrivateEndpoints: false, resolver }));
  world = open.add(await createInProcessStack({ post: (request) => poster.post(request) }));
});
afterEach(open.closeAll);

describe('a name with an address that is not public', () => {
  it('may be registered, since its address can change at any time [URL-15]', () => {
    const checked = checkEndpointUrl(URL_OF_A_PRIVATE_NETWORK, { allowPrivateEndpoints: false });

    expect(checked).toEqual({ ok: true, url: URL_OF_A_PRIVATE_NETWORK });
  });

  it('never becomes active, and the API shows the reason [URL-15]', async () => {
    const verification = {
      id: eventId('evt_v'),
      url: URL_OF_A_PRIVATE_NETWORK,
      startedAt: new Date(world.time.now).toISOString(),
    };
    const { accountId, id } = await world.addWebhook({
      url: URL_OF_A_PRIVATE_NETWORK,
      status: 'pending',
      verified: false,
      verification,
    });
    const body = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'c' } });
    const challenge = { kind: 'verification', eventId: verification.id, body } as const;
    world.put('first', message({ ...challenge, url: URL_OF_A_PRIVATE_NETWORK }));

    await world.run('first');

    const webhook = await world.webhooks.get(accountId, id);
    expect(webhook && toWebhookView(webhook)).toMatchObject({
      status: 'verification_failed',
      verification_error: REASON,
    });
  });

  it.each(['event', 'test'] as const)(
    'ends every %s at once if it gets this address after its verification, and the record has the reason [URL-15, API-8]',
    async (kind) => {
      await world.addWebhook({ url: URL_OF_A_PRIVATE_NETWORK });
      const one = message({ kind, url: URL_OF_A_PRIVATE_NETWORK });
      world.put('first', one);

      await world.run('first');

      const record = await world.recordOf(one);
      expect(record).toMatchObject({
        status: 'exhausted',
        attempts: [{ error: 'address_refused', reason: REASON }],
      });
      expect(record?.attempts[0]).not.toHaveProperty('excerpt');
      expect(world.nextDueAt('retry1')).toBeUndefined();
    },
  );
});
