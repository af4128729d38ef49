import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRecorder, findLeaks, formsOf } from './support/find-leaks.ts';
import { type ObservedStack, startObservedStack } from './support/observed-stack.ts';
import { failToCreate } from './support/refusals.ts';
import { loseRecord, SCENARIOS } from './support/scenarios.ts';

let stack: ObservedStack;

/** Runs all scenarios, and records everything that leaves the stack. */
beforeAll(async () => {
  stack = await startObservedStack();
  try {
    await failToCreate(stack);
    await Promise.all(Object.values(SCENARIOS).map((scenario) => scenario(stack)));
    await loseRecord(stack);
  } finally {
    await stack.finish();
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

const SENT = 'a value of a custom header';

describe('a secret', () => {
  it.each(PLACES)('is not in the %s, in no encoding and not in part [API-2]', (place) => {
    const recorded = stack.recorder.recorded.filter((one) => one.place === place);

    expect(recorded.length).toBeGreaterThan(0);
    // Custom headers are made to be sent.
    const isSent = (name: string) => place === 'outgoing requests' && name.startsWith(SENT);
    const secrets = new Map([...stack.secrets].filter(([name]) => !isSent(name)));
    expect(findLeaks(recorded, secrets)).toEqual([]);
  });

  it('is only in the answer that creates its webhook or rotates it [API-4]', () => {
    for (const { secret, answers } of stack.shown) {
      expect(answers.filter((text) => text.includes(JSON.stringify(secret)))).toHaveLength(1);
    }
  });

  it('of every kind was used by the scenarios', () => {
    const kinds = new Set([...stack.secrets.keys()].map((name) => name.replace(/ \(.*/, '')));

    expect([...kinds].sort()).toEqual([
      'a data key',
      'a generated secret',
      'a previous secret',
      'a refused secret',
      'a refused value of a header',
      'a rotated secret',
      'a secret of a webhook that was not created',
      SENT,
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
    ['unchanged', (secret: string) => secret],
    ['without its prefix', (secret: string) => secret.replace('whsec_', '')],
    ['cut off', (secret: string) => secret.slice(0, 20)],
    ['in JSON in JSON', (secret: string) => JSON.stringify({ body: JSON.stringify({ secret }) })],
    ['in base64', (secret: string) => Buffer.from(`x${secret}yz`).toString('base64')],
    ['in base64url', (secret: string) => Buffer.from(`xy${secret}z`).toString('base64url')],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['in a URL', (secret: string) => `https://a.example/?${new URLSearchParams({ secret })}`],
    ['in UTF-16', (secret: string) => Buffer.from(secret, 'utf16le')],
    ['in a compressed attribute', (secret: string) => ({ body: { B: deflated(secret) } })],
  ])('finds one %s [API-2]', (_, write) => {
    for (const secret of [generated, own]) {
      const recorder = createRecorder();

      recorder.record('log lines', 'a line', write(secret));

      expect(findLeaks(recorder.recorded, new Map([['the secret', secret]]))).not.toEqual([]);
    }
  });

  it('finds the decoded bytes of a whsec_ secret', () => {
    const recorder = createRecorder();
    const bytes = Buffer.from(generated.slice('whsec_'.length), 'base64');

    recorder.record('log lines', 'a line', { key: bytes.toString('hex') });

    expect(findLeaks(recorder.recorded, new Map([['the secret', generated]]))).toEqual([
      'the secret, its decoded bytes in hex, in log lines: a line',
    ]);
  });

  it('does not repeat the secret in its report, and finds nothing in random text', () => {
    const recorder = createRecorder();
    recorder.record('log lines', 'a line', `${own} ${randomBytes(64).toString('base64')}`);

    const leaks = findLeaks(recorder.recorded, new Map([['own', own]]));

    expect(leaks.join()).not.toContain('100%');
    expect(findLeaks(recorder.recorded, new Map([['generated', generated]]))).toEqual([]);
    expect(formsOf(own).every(({ text }) => text.length >= 12)).toBe(true);
  });
});

function deflated(text: string): string {
  return deflateSync(text).toString('base64');
}
