import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';

/** The server's response for one name. */
export type DnsAnswer =
  | { readonly addresses: readonly string[] /** Seconds. @default 60 */; readonly ttl?: number }
  /** No such name. */
  | 'NXDOMAIN'
  /** Server failure. */
  | 'SERVFAIL'
  /** No response. */
  | 'DROP';

export interface DnsServer {
  /** `127.0.0.1:port`, the format of Resolver.setServers. */
  readonly address: string;
  /** `A name` or `AAAA name` of every query so far. */
  readonly queries: readonly string[];
  /** Sets the response for a name. Other names get NXDOMAIN. */
  set(name: string, answer: DnsAnswer | { readonly A: DnsAnswer; readonly AAAA: DnsAnswer }): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };
const RESPONSE_CODES = { NXDOMAIN: 3, SERVFAIL: 2 } as const;
const HEADER_BYTES = 12;
const DEFAULT_TTL_SECONDS = 60;

/** Starts a DNS server on loopback. */
export async function startDnsServer(): Promise<DnsServer> {
  const zone = new Map<string, { A: DnsAnswer; AAAA: DnsAnswer }>();
  const queries: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const question = readQuestion(query);
    queries.push(`${question.type} ${question.name}`);
    const answer = zone.get(question.name)?.[question.type] ?? 'NXDOMAIN';
    if (answer === 'DROP') return;
    socket.send(respond(query, question, answer), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    queries,
    set: (name, answer) => {
      zone.set(name, typeof answer === 'object' && 'A' in answer ? answer : { A: answer, AAAA: answer });
    },
    close: async () => {
      socket.close();
    },
  };
}

interface Question {
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly end: number;
}

function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = TYPES[query.readUInt16BE(at + 1)] ?? 'A';
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

function respond(query: Buffer, question: Question, answer: Exclude<DnsAnswer, 'DROP'>): Buffer {
  const addresses = typeof answer === 'string' ? [] : answer.addresses;
  const ttl = typeof answer === 'string' ? 0 : (answer.ttl ?? DEFAULT_TTL_SECONDS);
  const version = question.type === 'A' ? 4 : 6;
  const records = addresses
    .filter((address) => isIP(address) === version)
    .map((address) => record(question.type, address, ttl));
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  // A response, recursion available, and the response code.
  header.writeUInt16BE(0x8180 | (typeof answer === 'string' ? RESPONSE_CODES[answer] : 0), 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, question.end), ...records]);
}

function record(type: 'A' | 'AAAA', address: string, ttl: number): Buffer {
  const data = type === 'A' ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.alloc(12);
  // A pointer to the name in the question.
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(type === 'A' ? 1 : 28, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  const [before = '', after] = address.split('::');
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const head = groups(before);
  const tail = groups(after);
  const middle = new Array<string>(8 - head.length - tail.length).fill('0');
  return Buffer.from([...head, ...middle, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
