import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';
import {
  deleteStored,
  type ErasureTables,
  type FoundPage,
  removeTexts,
  type StoredItem,
  type StoredKind,
} from '../../lambdas/shared/store/erasure.ts';

/** Calls of DynamoDB at the same time. */
const MAX_CALLS = 10;

export type ErasedItems = Readonly<Record<StoredKind, number>>;

/**
 * Erases the items that a search finds, page by page; with `confirm: false` it counts them. An interrupted run can be
 * repeated: erased items are not found again.
 *
 * Audit entries stay without their actor. With `keepRecords`, the records of deliveries stay without the texts of
 * responses; records without such texts do not count.
 */
export async function eraseItems(request: {
  readonly tables: ErasureTables;
  readonly found: AsyncIterable<FoundPage>;
  readonly keepRecords: boolean;
  readonly confirm: boolean;
  readonly onProgress: (examined: number) => void;
}): Promise<ErasedItems> {
  const { tables, keepRecords, confirm } = request;
  const counts = { event: 0, copy: 0, record: 0, settings: 0, other: 0, audit: 0 };
  let examined = 0;
  for await (const page of request.found) {
    const items = page.items.filter((item) => !keepRecords || item.kind !== 'record' || hasTexts(item));
    if (confirm) {
      await inParallel(items, MAX_CALLS, (item) =>
        item.kind === 'audit' || (keepRecords && item.kind === 'record')
          ? removeTexts(tables, item)
          : deleteStored(tables, item),
      );
    }
    for (const { kind } of items) counts[kind] += 1;
    examined += page.examined;
    request.onProgress(examined);
  }
  return counts;
}

function hasTexts({ removable }: StoredItem): boolean {
  return removable.length > 0;
}
