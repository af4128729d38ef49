import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MAX_BODY_BYTES } from '../domain/event.ts';
import { itemSize, writeUnits } from './item-size.ts';
import { encodeItem, type Item, textOf } from './items.ts';

/** An item with the body of an event. The body is compressed when that saves a write unit. */
export function encodeWithBody(rest: Item, body: string): Record<string, AttributeValue> {
  const plain = encodeItem({ ...rest, body });
  const plainUnits = writeUnits(itemSize(plain));
  if (plainUnits === 1) return plain;
  const compressed = encodeItem({ ...rest, body_deflated: zlib().deflateRawSync(body) });
  return writeUnits(itemSize(compressed)) < plainUnits ? compressed : plain;
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
