import { describe, expect, it } from 'vitest';
import {
  checkSignature,
  type Pasted,
  type Report,
} from '../../console/src/screens/signature/check-signature.ts';
import { makeExample } from '../../console/src/screens/signature/example.ts';
import { readHeaders } from '../../console/src/screens/signature/read-headers.ts';
import { verdictOf } from '../../console/src/screens/signature/verdict.ts';
import type { DeliveryId, EventId } from '../../lambdas/shared/domain/ids.ts';
import { deliveryHeaders } from '../../lambdas/shared/http/headers.ts';
import { generateSecret, sign } from '../../lambdas/shared/signing/sign.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const SECRET = generateSecret();
const ID = 'evt_1' as EventId;
const BODY = '{"id":"evt_1","type":"file.uploaded","data":{"name":"café/1.pdf","size":12345678901234567890}}';

/** The headers of a request as the service sends it, as lines. */
function headersOf({ secrets = [SECRET], signedAt = NOW, body = BODY } = {}): string {
  const signed = sign({ secrets, eventId: ID, signedAt, body });
  const message = {
    kind: 'event' as const,
    eventId: ID,
    eventType: 'file.uploaded',
    deliveryId: 'dlv_1' as DeliveryId,
  };
  return Object.entries(deliveryHeaders(message, signed, 1))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

async function check(changes: Partial<Record<keyof Pasted, string>> = {}): Promise<Report> {
  const { headers = headersOf(), body = BODY, secret = SECRET } = changes;
  return checkSignature({ headers: readHeaders(headers), body, secret }, NOW);
}

/** Of the three parts, those that are not right. */
async function faults(changes: Partial<Record<keyof Pasted, string>>) {
  const report = await check(changes);
  if (report.kind !== 'checked') return report.kind;
  const { secret, timestamp, body } = report;
  return Object.fromEntries(
    Object.entries({ secret, timestamp, body }).filter(([, finding]) => finding !== 'right'),
  );
}

describe('a request of the service', () => {
  it.each([
    ['a secret that begins with whsec_', SECRET],
    ['any other secret', 'a secret of sixteen characters or more'],
  ])('is valid with %s, by both schemes', async (_, secret) => {
    const report = await check({ secret, headers: headersOf({ secrets: [secret] }) });

    expect(report).toEqual({
      ...{ kind: 'checked', secret: 'right', timestamp: 'right', body: 'right', signedAt: NOW },
    });
  });

  it('is valid with the headers of one scheme alone', async () => {
    const [own, standard] = [/^X-Webhook/i, /^webhook/i].map((scheme) =>
      headersOf()
        .split('\n')
        .filter((line) => scheme.test(line))
        .join('\n'),
    );

    expect([await faults({ headers: own ?? '' }), await faults({ headers: standard ?? '' })]).toEqual([
      {},
      {},
    ]);
  });

  it('is valid with the secret before a rotation, and the result names that secret', async () => {
    const headers = headersOf({ secrets: [generateSecret(), SECRET] });

    expect(await faults({ headers })).toEqual({ secret: 'previous' });
  });

  it('is valid as the generated example', async () => {
    const example = await makeExample(NOW);

    expect(await faults(example)).toEqual({});
  });

  it('has a timestamp that is too old or in the future', async () => {
    expect([
      await faults({ headers: headersOf({ signedAt: NOW - 301_000 }) }),
      await faults({ headers: headersOf({ signedAt: NOW + 301_000 }) }),
    ]).toEqual([{ timestamp: 'old' }, { timestamp: 'future' }]);
  });
});

describe('a changed body', () => {
  const spaced = JSON.stringify(JSON.parse(BODY.replace('12345678901234567890', '1')), null, 2);

  it.each([
    ['a line break at its end', `${BODY}\n`, 'edge'],
    ['spaces between its parts', BODY.replaceAll(':', ': ').replaceAll(',', ', '), 'rewritten'],
    [
      'the escapes of Python and PHP',
      BODY.replace('é', '\\u00e9').replace('/', '\\/').replaceAll(',', ', '),
      'rewritten',
    ],
    ['the quotes of a string', JSON.stringify(BODY), 'quoted'],
    ['base64', Buffer.from(BODY).toString('base64'), 'base64'],
    ['another id than the headers', BODY.replace('evt_1', 'evt_2'), 'other-event'],
    ['another type than the headers', BODY.replace('file.uploaded', 'file.deleted'), 'other-event'],
    ['no end', BODY.slice(0, 40), 'not-json'],
    ['spaces and another number', spaced, 'spaced'],
  ])('is found when it has %s', async (_, body, finding) => {
    const report = await check({ body });

    expect(report).toMatchObject({ body: finding });
    expect(report.kind === 'checked' && verdictOf(report).title).toBe(
      'The body is not the one that was signed',
    );
  });

  it('is found by its length', async () => {
    const headers = `${headersOf()}\nContent-Length: ${Buffer.byteLength(BODY)}`;

    expect(await check({ headers, body: BODY.replace('café', 'cafe') })).toMatchObject({ body: 'length' });
  });

  it('with CR LF in place of line breaks is found', async () => {
    const body = '{"id":"evt_1",\r\n"a":1}';

    expect(await faults({ headers: headersOf({ body }), body: body.replace('\r\n', '\n') })).toEqual({
      body: 'line-breaks',
    });
  });
});

describe('a wrong secret', () => {
  it.each([
    ['white space', ` ${SECRET} `, 'space'],
    ['quotes', `"${SECRET}"`, 'quotes'],
    ['no prefix', SECRET.slice('whsec_'.length), 'prefix'],
    ['the name of its variable', `WEBHOOK_SECRET=${SECRET}`, 'around'],
    ['nothing in common with the right one', generateSecret(), 'likely-other'],
    ['a prefix and no base64', 'whsec_not base64!', 'likely-other'],
  ])('is found when it has %s', async (_, secret, finding) => {
    expect(await check({ secret })).toMatchObject({ secret: finding });
  });

  it('is not reported when the headers cannot show whether the body was changed', async () => {
    const headers = headersOf().replace(/webhook-id: .*/, '');
    const report = await check({ headers, secret: generateSecret() });

    expect(report).toMatchObject({ secret: 'unknown', body: 'unknown' });
    expect(report.kind === 'checked' && verdictOf(report).title).toBe(
      'No signature matches: the secret or the body is wrong',
    );
  });

  it('is found together with a changed body', async () => {
    expect(await faults({ secret: ` ${SECRET}`, body: `${BODY}\n` })).toEqual({
      secret: 'space',
      body: 'edge',
    });
  });
});

describe('a wrong timestamp', () => {
  const seconds = String(NOW / 1_000);

  it.each([
    ['in milliseconds', (text: string) => text.replaceAll(seconds, `${seconds}000`), 'milliseconds'],
    [
      'that the other header contradicts',
      (text: string) =>
        text.replace(`Timestamp: ${seconds}`, 'Timestamp: 5').replace(/webhook-signature.*/, ''),
      'other-header',
    ],
    ['that is absent', (text: string) => text.replaceAll(/.*timestamp.*/gi, ''), 'missing'],
    ['that is a date', (text: string) => text.replaceAll(seconds, 'today'), 'not-a-number'],
  ])('is found %s', async (_, change, finding) => {
    expect(await check({ headers: change(headersOf()) })).toMatchObject({ timestamp: finding });
  });
});

describe('headers as servers print them', () => {
  const lines = headersOf().split('\n');
  const entries = lines.map((line) => line.split(': ') as [string, string]);

  it.each([
    ['lines of curl', lines.map((line) => `< ${line}`).join('\r\n')],
    ['JSON', JSON.stringify(Object.fromEntries(entries))],
    ['JSON within JSON', JSON.stringify(JSON.stringify(Object.fromEntries(entries)))],
    [
      'lists of JSON',
      JSON.stringify(Object.fromEntries(entries.map(([name, value]) => [name, [value]])), null, 2),
    ],
    ['Python', `{${entries.map(([name, value]) => `'${name}': '${value}'`).join(', ')}}`],
    ['Go', `map[${entries.map(([name, value]) => `${name}:[${value}]`).join(' ')}]`],
    ['Java', `{${entries.map(([name, value]) => `${name}=${value}`).join(', ')}}`],
    [
      'PHP',
      entries
        .map(([name, value]) => `[HTTP_${name.toUpperCase().replaceAll('-', '_')}] => ${value}`)
        .join('\n'),
    ],
    ['a log with another id before', `{"webhook_id":"wh_1"}\n${headersOf()}`],
  ])('are read from %s', (_, text) => {
    expect(readHeaders(text)).toEqual(readHeaders(headersOf()));
    expect(readHeaders(text)).toMatchObject({
      standardId: 'evt_1',
      standard: [expect.stringMatching(/^v1,/)],
    });
  });

  it('are refused when they have no signature, or the mask of the console', async () => {
    expect([
      await faults({ headers: 'Host: example.com' }),
      await faults({ headers: headersOf().replace(/sha256=.*/, 'sha256=********') }),
    ]).toEqual(['no-signature', 'masked']);
  });
});
