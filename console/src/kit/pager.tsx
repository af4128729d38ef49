import { KIT } from '../texts/kit.ts';
import { Button } from './button.tsx';

interface PagerProps {
  /** Addresses of the neighbouring pages; undefined: there is none. */
  readonly newer: string | undefined;
  readonly older: string | undefined;
  readonly newerWord?: string;
  readonly olderWord?: string;
}

/** Renders nothing when there is one page. */
export function Pager({ newer, older, newerWord = KIT.newer, olderWord = KIT.older }: PagerProps) {
  if (newer === undefined && older === undefined) return null;
  return (
    <nav class="actions" aria-label={KIT.pages}>
      {newer !== undefined && <Button href={newer}>{newerWord}</Button>}
      {older !== undefined && <Button href={older}>{olderWord}</Button>}
    </nav>
  );
}
