import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createForward } from '../../command/listen/forward.ts';

const DELIVERY = {
  id: 'dlv_1',
  event_id: 'evt_1',
  event_type: 'file.uploaded',
  accepted_at: '2026-01-15T10:30:00.000Z',
  headers: { 'Content-Type': 'application/json', 'X-Webhook-Event': 'file.uploaded' },
  body: '{"id":"evt_1","text":"ü"}',
  limit_reached: false,
};

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function urlOf(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/hook`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a forwarded request', () => {
  it('has the headers as they are written, and the body unchanged', async () => {
    const seen: { rawHeaders: string[]; body: string }[] = [];
    const url = await urlOf(async (request, response) => {
      seen.push({ rawHeaders: request.rawHeaders, body: await bodyOf(request) });
      response.writeHead(500).end('no');
    });

    const result = await createForward(url, new AbortController().signal)(DELIVERY);

    expect(result).toMatchObject({ kind: 'answered', status: 500, body: 'no', bodyCut: false });
    expect(seen[0]?.body).toBe(DELIVERY.body);
    expect(seen[0]?.rawHeaders.join('\n')).toContain('X-Webhook-Event\nfile.uploaded');
    expect(seen[0]?.rawHeaders.join('\n')).toContain(`Content-Length\n${Buffer.byteLength(DELIVERY.body)}`);
  });

  it('does not follow a redirect, and reads at most 16 KiB of the answer', async () => {
    const paths: string[] = [];
    const url = await urlOf((request, response) => {
      paths.push(String(request.url));
      response.writeHead(302, { location: '/elsewhere' }).end('x'.repeat(20_000));
    });

    const result = await createForward(url, new AbortController().signal)(DELIVERY);

    expect(result).toMatchObject({ status: 302, location: '/elsewhere', bodyCut: true });
    expect(result.kind === 'answered' && result.body.length).toBe(16_384);
    expect(paths).toEqual(['/hook']);
  });

  it('reports an answer as cut when the connection breaks after its beginning', async () => {
    const url = await urlOf((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('begin', () => response.destroy());
    });

    const result = await createForward(url, new AbortController().signal)(DELIVERY);

    expect(result).toMatchObject({ status: 200, body: 'begin', bodyCut: true });
  });

  it('has a reason when nothing answers', async () => {
    const url = await urlOf(() => undefined);
    await new Promise((resolve) => server?.close(resolve));

    const result = await createForward(url, new AbortController().signal)(DELIVERY);

    expect(result).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/ECONNREFUSED|refused/) });
  });

  it('is aborted when the command ends', async () => {
    const ended = new AbortController();
    const url = await urlOf(() => ended.abort());

    const result = await createForward(url, ended.signal)(DELIVERY);

    expect(result.kind).toBe('failed');
  });
});
