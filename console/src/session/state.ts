/** A value that the whole console depends on. */
export interface State<T> {
  value: T;
}

const listeners = new Set<() => void>();

/** Each change of its value renders the whole console again. */
export function createState<T>(initial: T): State<T> {
  let current = initial;
  return {
    get value(): T {
      return current;
    },
    set value(next: T) {
      current = next;
      for (const listener of listeners) listener();
    },
  };
}

/** `listener` is called at each change of a state. */
export function onStateChange(listener: () => void): void {
  listeners.add(listener);
}
