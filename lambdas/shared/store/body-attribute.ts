import type { ZlibOptions } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MAX_BODY_BYTES } from '../domain/event.ts';
import { itemSize, writeUnits } from './item-size.ts';
import { encodeItem, type Item, textOf } from './items.ts';

/** An item with the body of an event. The body is compressed when that saves a write unit. */
export function encodeWithBody(attributes: Item, body: string): Record<string, AttributeValue> {
  const plain = encodeItem({ ...attributes, body });
  const plainUnits = writeUnits(itemSize(plain));
  if (plainUnits === 1) return plain;
  const compressed = encodeItem({
    ...attributes,
    body_deflated: zlib().deflateRawSync(body, optionsFor(body.length)),
  });
  return writeUnits(itemSize(compressed)) < plainUnits ? compressed : plain;
}

/** zlib's limits: a window of 2^9 to 2^15 bytes, a memory level of 1 to 8 (its default) and, of Node, a chunk of 64 bytes. */
const WINDOW_BITS = { min: 9, max: 15 };
const DEFAULT_MEMORY_LEVEL = 8;
const CHUNK_BYTES = { min: 64, max: 16 * 1024 };

/**
 * Memory for a body of this length: for a short one, zlib's defaults allocate 270 KB, which takes longer than to compress it.
 * The result has the same size, and can be read without these options.
 */
function optionsFor(length: number): ZlibOptions {
  const windowBits = limit(Math.ceil(Math.log2(length)), WINDOW_BITS);
  const memLevel = Math.min(windowBits - 6, DEFAULT_MEMORY_LEVEL);
  return { windowBits, memLevel, chunkSize: limit(length, CHUNK_BYTES) };
}

function limit(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(Math.max(value, min), max);
}

export function parseBody(item: Item): string | undefined {
  const deflated = item.body_deflated;
  if (!(deflated instanceof Uint8Array)) return textOf(item.body);
  return zlib().inflateRawSync(deflated, { maxOutputLength: MAX_BODY_BYTES }).toString('utf8');
}

/** Loaded with the first large body: it takes 4 ms of a cold start. */
function zlib(): typeof import('node:zlib') {
  return process.getBuiltinModule('node:zlib');
}
