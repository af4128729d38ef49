import { Time } from '../../kit/time.tsx';
import { RECOVERY } from '../../texts/recover.ts';
import type { Recovery } from './choice.ts';

/** How old the numbers of results are: the service counts them once a minute, and what is queued every 20 s. */
export function CountedAt({ recovery: { counted_at: at } }: { recovery: Recovery }) {
  return (
    <p class="secondary">
      {at === null ? (
        RECOVERY.notCounted
      ) : (
        <>
          {RECOVERY.counted} <Time at={at} />.
        </>
      )}
    </p>
  );
}
