import { useEffect } from 'preact/hooks';
import { SHELL } from '../texts/shell.ts';

/** Each screen has a title of its own, which names what it shows. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = SHELL.title(title);
  }, [title]);
}
