import { createHash } from 'node:crypto';
import {
  type AccountId,
  type DeliveryId,
  type ListenerId,
  parseDeliveryId,
  parseWebhookId,
  type WebhookId,
} from '../../shared/domain/ids.ts';
import type { DeliveryRange } from '../../shared/store/delivery-log.ts';
import { listOf, textOf } from '../../shared/store/items.ts';

/**
 * 16 hexadecimal characters are 64 bits: enough to refuse a cursor of another list. The check protects no data: a page
 * is always read from the caller's own account.
 */
const CHECK_CHARACTERS = 16;

/** A webhook by its place in a list that is ordered by rank. */
export interface RankedId {
  readonly rank: number;
  readonly id: WebhookId;
}

const DELIVERY_LISTS = { newest_first: 'deliveries', oldest_first: 'newer-deliveries' } as const;

/** Separates the ids of several deliveries. No id contains it. */
const SEPARATOR = ',';

/** The id of the last webhook of a page, as opaque text that is valid for one account. */
export function encodeListCursor(accountId: AccountId, last: WebhookId): string {
  return encodeCursor([accountId], last);
}

/** Undefined for a cursor that was not made for the webhooks of this account. */
export function decodeListCursor(accountId: AccountId, cursor: string): WebhookId | undefined {
  return decodeCursor([accountId], cursor, parseWebhookId);
}

/** The last webhook of a page in the order of attention, as opaque text that is valid for one account. */
export function encodeAttentionCursor(accountId: AccountId, { rank, id }: RankedId): string {
  return encodeCursor([accountId, 'attention'], `${rank}${SEPARATOR}${id}`);
}

/** Undefined for a cursor that was not made for the webhooks of this account in this order. */
export function decodeAttentionCursor(accountId: AccountId, cursor: string): RankedId | undefined {
  const [rank, last] = decodeCursor([accountId, 'attention'], cursor, textOf)?.split(SEPARATOR) ?? [];
  const id = parseWebhookId(last);
  return id === undefined ? undefined : { rank: Number(rank), id };
}

/** Where a page of deliveries begins: after this delivery, in this order. */
export interface DeliveryPosition {
  readonly order: DeliveryRange['order'];
  readonly after: DeliveryId;
}

/** A delivery that a page examined, as opaque text that is valid for one webhook of one account and one order. */
export function encodeDeliveryCursor(
  accountId: AccountId,
  webhookId: WebhookId,
  { order, after }: DeliveryPosition,
): string {
  return encodeCursor([accountId, DELIVERY_LISTS[order], webhookId], after);
}

/** Undefined for a cursor that was not made for the deliveries of this webhook. */
export function decodeDeliveryCursor(
  accountId: AccountId,
  webhookId: WebhookId,
  cursor: string,
): DeliveryPosition | undefined {
  for (const order of ['newest_first', 'oldest_first'] as const) {
    const after = decodeCursor([accountId, DELIVERY_LISTS[order], webhookId], cursor, parseDeliveryId);
    if (after !== undefined) return { order, after };
  }
  return undefined;
}

/** The deliveries of a page, as opaque text that is valid for one listener of one account. */
export function encodeListenerCursor(
  accountId: AccountId,
  listenerId: ListenerId,
  page: readonly DeliveryId[],
): string {
  return encodeCursor([accountId, 'listener', listenerId], page.join(SEPARATOR));
}

/** Undefined for a cursor that was not made for the deliveries of this listener. */
export function decodeListenerCursor(
  accountId: AccountId,
  listenerId: ListenerId,
  cursor: string,
): DeliveryId[] | undefined {
  const ids = decodeCursor([accountId, 'listener', listenerId], cursor, textOf)?.split(SEPARATOR);
  return listOf(ids, parseDeliveryId);
}

/** `list` names the list and its owner. No part of it contains a NUL. */
function encodeCursor(list: readonly string[], last: string): string {
  return Buffer.from(`${last}.${checkText(list, last)}`).toString('base64url');
}

function decodeCursor<Text extends string>(
  list: readonly string[],
  cursor: string,
  parse: (text: unknown) => Text | undefined,
): Text | undefined {
  const [id] = Buffer.from(cursor, 'base64url').toString().split('.');
  const last = parse(id);
  return last !== undefined && encodeCursor(list, last) === cursor ? last : undefined;
}

function checkText(list: readonly string[], last: string): string {
  return createHash('sha256')
    .update(['cursor', ...list, last].join('\0'))
    .digest('hex')
    .slice(0, CHECK_CHARACTERS);
}
