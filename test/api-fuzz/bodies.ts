import fc from 'fast-check';
import { HOSTILE_TEXTS, writeJson } from './schema-values.ts';

export interface FuzzBody {
  readonly text: string;
  readonly corruption: Corruption;
  /** The relative position of the corruption, from 0 to 1. */
  readonly position: number;
}

const CORRUPTIONS = [
  'none',
  'cut',
  'invalid UTF-8',
  'NUL',
  'BOM',
  'UTF-16',
  'garbage after',
  'duplicate field',
  'white space',
  'empty',
] as const;
type Corruption = (typeof CORRUPTIONS)[number];

export function bodyOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzBody> {
  return value.map((one) => ({ text: writeJson(one), corruption: 'none', position: 0 }));
}

/** Uniformly distributed, unlike `fc.double`. */
const POSITION = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);

export function corruptedBodies(value: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzBody> {
  return fc.record({
    text: value.map(writeJson),
    corruption: fc.constantFrom(...CORRUPTIONS),
    position: POSITION,
  });
}

export function hostileBodies(): fc.Arbitrary<FuzzBody> {
  return fc.record({
    text: fc.oneof(
      fc.constant('{"url":"https://customer.example/hook","events":["*"]}'),
      fc.constant('{"webhook_id":"@foreign:0@","event_type":"file.uploaded"}'),
      fc.json(),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(...HOSTILE_TEXTS),
      fc.constantFrom('@nested-arrays@', '@nested-objects@', '@many-fields@', '@NaN@').map(writeJson),
      fc.constant('@too-long@').map(writeJson),
    ),
    corruption: fc.constantFrom(...CORRUPTIONS),
    position: POSITION,
  });
}

/** The bytes of the body after its corruption. */
export function writeBody(
  { corruption, position, ...body }: FuzzBody,
  resolve: (text: string) => string,
): Buffer {
  const text = resolve(body.text);
  const bytes = Buffer.from(text);
  const middle = Math.floor(position * bytes.length);
  const insert = (...inserted: number[]) =>
    Buffer.concat([bytes.subarray(0, middle), Buffer.from(inserted), bytes.subarray(middle)]);
  switch (corruption) {
    case 'none':
      return bytes;
    case 'cut':
      return bytes.subarray(0, middle);
    case 'invalid UTF-8':
      return insert(0xc3, 0x28);
    case 'NUL':
      return insert(0);
    case 'BOM':
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 'UTF-16':
      return Buffer.from(text, 'utf16le');
    case 'garbage after':
      return Buffer.concat([bytes, Buffer.from('}garbage')]);
    case 'duplicate field':
      return Buffer.from(text.replace('{', '{"url":1,"url":{},'));
    case 'white space':
      return Buffer.from(`${' '.repeat(10_000)}${text}\r\n`);
    case 'empty':
      return Buffer.alloc(0);
  }
}
