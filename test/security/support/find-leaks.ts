import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** A part of a secret with this length is also a leak: log lines and excerpts are cut off. */
const PART_CHARACTERS = 12;
const PREFIXES = ['whsec_', 'whk_'] as const;

/** One text or one value that left the system. */
export interface Recorded {
  /** `log lines`, `queue messages`, … */
  readonly place: string;
  /** The origin within the place, such as the name of the function. */
  readonly what: string;
  readonly bytes: Buffer;
}

/** Collects everything that leaves a running system, by place. */
export interface Recorder {
  readonly recorded: readonly Recorded[];
  record(place: string, what: string, content: unknown): void;
}

export function createRecorder(): Recorder {
  const recorded: Recorded[] = [];
  return {
    recorded,
    record(place, what, content) {
      if (Buffer.isBuffer(content)) {
        recorded.push({ place, what, bytes: content });
        return;
      }
      const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
      recorded.push({ place, what, bytes: Buffer.from(text) });
      for (const bytes of blobsIn(content)) recorded.push({ place, what, bytes });
    },
  };
}

/** One line for each secret, encoding and place where it was found. The lines do not contain the secret. */
export function findLeaks(recorded: readonly Recorded[], secrets: ReadonlyMap<string, string>): string[] {
  const leaks = new Set<string>();
  const texts = recorded.map(({ place, what, bytes }) => ({ place, what, text: bytes.toString('latin1') }));
  for (const [name, secret] of secrets) {
    for (const { form, text: needle } of formsOf(secret)) {
      for (const { place, what, text } of texts) {
        if (text.includes(needle)) leaks.add(`${name}, ${form}, in ${place}: ${what}`);
      }
    }
  }
  return [...leaks];
}

/** The encodings in which a secret could appear, each as the Latin-1 text of its bytes. */
export function formsOf(secret: string): { readonly form: string; readonly text: string }[] {
  const prefix = PREFIXES.find((one) => secret.startsWith(one)) ?? '';
  const bare = secret.slice(prefix.length);
  const decoded = prefix === 'whsec_' ? Buffer.from(bare, 'base64') : Buffer.alloc(0);
  const escaped = jsonEscapes(secret, 4);
  return [
    ...partsOf(bare).map((part) => ({ form: 'a part of it', text: Buffer.from(part).toString('latin1') })),
    ...bytesForms(Buffer.from(bare), ''),
    ...(decoded.length < 16 ? [] : bytesForms(decoded, 'its decoded bytes ')),
    ...escaped.map((text) => ({ form: 'JSON-escaped', text })),
    { form: 'in \\u escapes', text: unicodeEscapes(bare) },
    { form: 'URL-encoded', text: encodeURIComponent(secret) },
    { form: 'form-encoded', text: new URLSearchParams({ a: secret }).toString().slice(2) },
    { form: 'in UTF-16LE', text: Buffer.from(bare, 'utf16le').toString('latin1') },
    { form: 'in UTF-16BE', text: Buffer.from(bare, 'utf16le').swap16().toString('latin1') },
  ];
}

function partsOf(text: string): string[] {
  const count = Math.max(1, text.length - PART_CHARACTERS + 1);
  return Array.from({ length: count }, (_, start) => text.slice(start, start + PART_CHARACTERS));
}

function bytesForms(bytes: Buffer, what: string): { form: string; text: string }[] {
  const base64 = base64Alignments(bytes);
  return [
    { form: `${what}raw`, text: bytes.toString('latin1') },
    { form: `${what}in hex`, text: bytes.toString('hex') },
    { form: `${what}in upper-case hex`, text: bytes.toString('hex').toUpperCase() },
    ...base64.map((text) => ({ form: `${what}in base64`, text })),
    ...base64.map((text) => ({
      form: `${what}in base64url`,
      text: text.replaceAll('+', '-').replaceAll('/', '_'),
    })),
  ];
}

/** The bytes in base64 at each of the three alignments in a longer text, without the characters that neighbours change. */
function base64Alignments(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
}

function jsonEscapes(text: string, times: number): string[] {
  const forms: string[] = [];
  for (let form = text; forms.length < times; ) {
    form = JSON.stringify(form).slice(1, -1);
    forms.push(form);
  }
  return forms;
}

function unicodeEscapes(text: string): string {
  return [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

/** The binary attributes of DynamoDB, both unchanged and decompressed. */
function blobsIn(value: unknown): Buffer[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name !== 'B' || typeof inner !== 'string') return blobsIn(inner);
    const bytes = Buffer.from(inner, 'base64');
    return [bytes, ...decompressed(bytes)];
  });
}

function decompressed(bytes: Buffer): Buffer[] {
  return [brotliDecompressSync, gunzipSync, inflateSync, inflateRawSync].flatMap((decompress) => {
    try {
      return [decompress(bytes)];
    } catch {
      return [];
    }
  });
}
