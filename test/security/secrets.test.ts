import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { PATHS } from './support/every-path.ts';
import { createWitness, findLeaks, formsOf } from './support/leaks.ts';
import { failToCreate } from './support/refusals.ts';
import { type Stage, startStage } from './support/stage.ts';

let story: Stage;

/** Everything that leaves the running stack is collected while it is taken down every path that it has. */
beforeAll(async () => {
  story = await startStage();
  try {
    await failToCreate(story);
    await Promise.all(Object.values(PATHS).map((path) => path(story)));
  } finally {
    await story.finish();
  }
});

const PLACES = [
  'outgoing requests',
  'log lines',
  'queue messages',
  'stored items',
  'API answers',
  'system events',
  'AWS calls',
] as const;

describe('a secret', () => {
  it.each(PLACES)('is in none of the %s, in no form and not in part', (place) => {
    const seen = story.witness.seen.filter((one) => one.place === place);

    expect(seen.length).toBeGreaterThan(0);
    expect(findLeaks(seen, story.secrets)).toEqual([]);
  });

  it('is shown in one answer alone: the one that creates its webhook', () => {
    for (const { secret, answers } of story.shown) {
      expect(answers.filter((text) => text.includes(JSON.stringify(secret)))).toHaveLength(1);
    }
  });

  it('was there to be found: some of every kind went through', () => {
    const kinds = new Set([...story.secrets.keys()].map((name) => name.replace(/ \(.*/, '')));

    expect([...kinds].sort()).toEqual([
      'a data key',
      'a generated secret',
      'a previous secret',
      'a refused secret',
      'a secret of a webhook that was not created',
      'an API key',
      'an own secret',
      'an unknown key',
    ]);
  });
});

describe('the search for secrets', () => {
  const generated = `whsec_${randomBytes(32).toString('base64')}`;
  const own = 'own "secret" \\ 100% of <it> & more';

  it.each([
    ['as it is', (secret: string) => secret],
    ['without its prefix', (secret: string) => secret.replace('whsec_', '')],
    ['cut short', (secret: string) => secret.slice(0, 20)],
    ['in JSON in JSON', (secret: string) => JSON.stringify({ body: JSON.stringify({ secret }) })],
    ['in base64', (secret: string) => Buffer.from(`x${secret}yz`).toString('base64')],
    ['in base64url', (secret: string) => Buffer.from(`xy${secret}z`).toString('base64url')],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['in a URL', (secret: string) => `https://a.example/?${new URLSearchParams({ secret })}`],
    ['in UTF-16', (secret: string) => Buffer.from(secret, 'utf16le')],
    ['in a compressed attribute', (secret: string) => ({ body: { B: deflated(secret) } })],
  ])('finds one %s', (_, write) => {
    for (const secret of [generated, own]) {
      const witness = createWitness();

      witness.saw('log lines', 'a line', write(secret));

      expect(findLeaks(witness.seen, new Map([['the secret', secret]]))).not.toEqual([]);
    }
  });

  it('finds the decoded bytes of a whsec_ secret', () => {
    const witness = createWitness();
    const bytes = Buffer.from(generated.slice('whsec_'.length), 'base64');

    witness.saw('log lines', 'a line', { key: bytes.toString('hex') });

    expect(findLeaks(witness.seen, new Map([['the secret', generated]]))).toEqual([
      'the secret, its decoded bytes in hex, in log lines: a line',
    ]);
  });

  it('does not repeat what it found, and finds nothing in text that is merely alike', () => {
    const witness = createWitness();
    witness.saw('log lines', 'a line', `${own} ${randomBytes(64).toString('base64')}`);

    const leaks = findLeaks(witness.seen, new Map([['own', own]]));

    expect(leaks.join()).not.toContain('100%');
    expect(findLeaks(witness.seen, new Map([['generated', generated]]))).toEqual([]);
    expect(formsOf(own).every(({ text }) => text.length >= 12)).toBe(true);
  });
});

function deflated(text: string): string {
  return deflateSync(text).toString('base64');
}
