import { KIT } from '../texts/kit.ts';

/** Reserves the space of rows that are not loaded yet, so that the page does not move when they are. */
export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <div class="loading" role="status">
      <span class="hidden">{KIT.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class="loading-row" />
      ))}
    </div>
  );
}
