/**
 * A receiver's request in the response header `webhook-delivery`:
 * - `disable`: disable the webhook
 * - `abort`: do not send this delivery again
 */
export type DeliveryControl = 'disable' | 'abort';

/** The header and its values, as in https://docs.svix.com/receiving/delivery-control. `abort` is a short form. */
export const DELIVERY_CONTROL_HEADER = 'webhook-delivery';

const VALUES: Readonly<Record<string, DeliveryControl>> = {
  disable: 'disable',
  'abort-message': 'abort',
  abort: 'abort',
};

/** Longer than any list of these values. The rest of a longer value is ignored. */
const MAX_CHARACTERS = 100;

/** Reads the header, which may be repeated and may be a list. `disable` has precedence. Other values are ignored. */
export function readDeliveryControl(
  header: string | readonly string[] | undefined,
): DeliveryControl | undefined {
  if (header === undefined) return undefined;
  const text = (typeof header === 'string' ? header : header.slice(0, 10).join(',')).slice(0, MAX_CHARACTERS);
  const controls = text
    .split(',')
    .map((value) => value.trim().toLowerCase())
    .map((value) => (Object.hasOwn(VALUES, value) ? VALUES[value] : undefined));
  return controls.includes('disable') ? 'disable' : controls.find((control) => control !== undefined);
}

/** Returns undefined for any other value. */
export function parseDeliveryControl(value: unknown): DeliveryControl | undefined {
  return value === 'disable' || value === 'abort' ? value : undefined;
}
