/** A binary heap: the smallest item is found at once, put and taken in logarithmic time. */
export interface Heap<Item> {
  push(item: Item): void;
  peek(): Item | undefined;
  pop(): Item | undefined;
  clear(): void;
}

/** @param compare negative when `a` comes before `b`; a total order makes the heap deterministic. */
export function createHeap<Item>(compare: (a: Item, b: Item) => number): Heap<Item> {
  const items: Item[] = [];
  const swap = (a: number, b: number): void => {
    const first = items[a];
    const second = items[b];
    if (first === undefined || second === undefined) return;
    items[a] = second;
    items[b] = first;
  };
  const before = (a: number, b: number): boolean => {
    const first = items[a];
    const second = items[b];
    return first !== undefined && second !== undefined && compare(first, second) < 0;
  };
  const sink = (start: number): void => {
    for (let parent = start; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (before(child, least)) least = child;
      }
      if (least === parent) return;
      swap(parent, least);
      parent = least;
    }
  };

  return {
    push(item) {
      let child = items.push(item) - 1;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (!before(child, parent)) return;
        swap(child, parent);
        child = parent;
      }
    },
    peek: () => items[0],
    pop() {
      swap(0, items.length - 1);
      const least = items.pop();
      sink(0);
      return least;
    },
    clear() {
      items.length = 0;
    },
  };
}
