import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FromReceivers, TlsReceipt, ToReceivers } from '../units/receivers.ts';

const PROGRAM = fileURLToPath(new URL('../units/receivers.ts', import.meta.url));

/** The customers' endpoints over TLS, in a process of their own. */
export interface Receivers {
  readonly urls: readonly string[];
  /** PEM of the self-signed certificate and its key. */
  readonly certificate: { readonly cert: string; readonly key: string };
  /** The requests received since the previous call. */
  take(): Promise<readonly TlsReceipt[]>;
  /** From now on, every endpoint accepts requests and never responds, or responds again. */
  hang(hangs: boolean): void;
  /** From now on, this share of the events, 0 to 1, is answered with status 500. */
  fail(share: number): void;
  close(): void;
}

export interface ReceiversSettings {
  readonly count: number;
  /** Response time in milliseconds. */
  readonly answerMs: number;
  /** Where the certificate is written, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
}

export async function startReceivers({ count, answerMs, caFile }: ReceiversSettings): Promise<Receivers> {
  const child = fork(PROGRAM, [String(count), String(answerMs)], { execArgv: [] });
  const next = async (): Promise<FromReceivers> => (await once(child, 'message'))[0];
  const send = (message: ToReceivers): void => void child.send(message);
  const listening = await next();
  if (listening.kind !== 'listening') throw new Error('the endpoints do not listen');
  await writeFile(caFile, listening.ca);
  return {
    urls: listening.urls,
    certificate: { cert: listening.ca, key: listening.key },
    async take() {
      send({ kind: 'take' });
      const reply = await next();
      return reply.kind === 'receipts' ? reply.receipts : [];
    },
    hang: (hangs) => send({ kind: 'hang', hangs }),
    fail: (share) => send({ kind: 'fail', share }),
    close: () => void child.kill(),
  };
}
