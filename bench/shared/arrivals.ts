import type { Receipt } from './endpoints.ts';

/** An event that was published, and the endpoints that it must reach. */
export interface Expected {
  readonly number: number;
  readonly endpoints: readonly number[];
}

/** One text for each kind of delivery that did not arrive exactly once. Empty when every delivery did. */
export function checkArrivals(expected: readonly Expected[], receipts: readonly Receipt[]): string[] {
  const received = Map.groupBy(receipts, keyOf);
  const expectedKeys = new Set(
    expected.flatMap(({ number, endpoints }) => endpoints.map((endpoint) => keyOf({ number, endpoint }))),
  );
  const lost = [...expectedKeys].filter((key) => !received.has(key));
  const repeated = [...received].filter(([key, times]) => expectedKeys.has(key) && times.length > 1);
  const unexpected = [...received.keys()].filter((key) => !expectedKeys.has(key));
  return [
    ...(lost.length === 0 ? [] : [`${lost.length} deliveries were lost, such as ${lost[0]}`]),
    ...(repeated.length === 0
      ? []
      : [`${repeated.length} deliveries arrived more than once, such as ${repeated[0]?.[0]}`]),
    ...(unexpected.length === 0
      ? []
      : [`${unexpected.length} deliveries were not expected, such as ${unexpected[0]}`]),
  ];
}

function keyOf({ number, endpoint }: Pick<Receipt, 'number' | 'endpoint'>): string {
  return `event ${number} at endpoint ${endpoint}`;
}
