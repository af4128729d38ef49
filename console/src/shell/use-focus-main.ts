import { useEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus to the beginning of the content when a screen shows something else at the same path: the clicked link is
 * removed. Not at the start.
 */
export function useFocusMain(shown: string): void {
  const known = useRef(shown);
  useEffect(() => {
    if (known.current === shown) return;
    known.current = shown;
    document.getElementById('main')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [shown]);
}
