import { describe, expect, it } from 'vitest';
import { recordedHeaders } from '../../lambdas/shared/http/response-headers.ts';

describe('the recorded headers of a response', () => {
  it('are an allow-list: no cookie, and nothing of an unknown name [NET-28]', () => {
    const received = {
      'retry-after': '120',
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': ['session=secret'],
      'x-internal-token': 'secret',
      server: 'nginx',
      date: 'Thu, 15 Jan 2026 10:30:00 GMT',
      'cf-ray': '8c1f0a2b3c4d5e6f-FRA',
    };

    expect(recordedHeaders(received)).toEqual({
      'retry-after': '120',
      'content-type': 'text/html; charset=utf-8',
      'cf-ray': '8c1f0a2b3c4d5e6f-FRA',
      server: 'nginx',
      date: 'Thu, 15 Jan 2026 10:30:00 GMT',
    });
  });

  it.each([
    'retry-after',
    'content-type',
    'x-request-id',
    'x-correlation-id',
    'x-amzn-requestid',
    'x-amzn-trace-id',
    'x-amz-cf-id',
    'cf-ray',
    'x-vercel-id',
    'fly-request-id',
    'server',
    'www-authenticate',
    'allow',
    'content-length',
    'date',
  ])('contain %s', (name) => {
    expect(recordedHeaders({ [name]: 'value' })).toEqual({ [name]: 'value' });
  });

  it('have 256 bytes, names included, and not one more', () => {
    const restOf = (bytes: number): string => 'd'.repeat(bytes - 'allowPOSTdate'.length);
    const largest = { allow: 'POST', date: restOf(256) };

    expect(recordedHeaders(largest)).toEqual(largest);
    expect(recordedHeaders({ allow: 'POST', date: restOf(257) })).toEqual({ allow: 'POST' });
  });

  it('have at most 256 bytes in all: a header that does not fit is left out, and Retry-After has precedence [NET-28]', () => {
    const long = 'ü'.repeat(90);

    const recorded = recordedHeaders({
      date: 'd'.repeat(60),
      server: long,
      'x-request-id': long,
      'content-type': 'text/plain',
      'retry-after': '5',
    });

    expect(Object.keys(recorded)).toEqual(['retry-after', 'content-type', 'x-request-id']);
    expect(Buffer.byteLength(Object.entries(recorded).flat().join(''))).toBeLessThanOrEqual(256);
  });

  it('have the first value of a repeated header, well-formed and without control characters [NET-28]', () => {
    const received = { 'retry-after': ['5', '600'], server: 'a\u001b[31m\u0000b\ud83d', allow: '' };

    expect(recordedHeaders(received)).toEqual({ 'retry-after': '5', server: 'a[31mb\ufffd' });
  });
});
