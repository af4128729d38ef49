/** Paths in a square of 16. */
const PATHS = {
  check: 'm3.5 8.5 3 3 6-7',
  cross: 'm4 4 8 8m0-8-8 8',
  retry: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  pause: 'M6 4v8m4-8v8',
  stop: 'M4.5 4.5h7v7h-7z',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  alert: 'M8 3v6m0 3.5v.01',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3l2 1.5',
  lock: 'M4 7.5h8v5H4zm2 0V5a2 2 0 0 1 4 0v2.5',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  live: 'M8 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1M5 5a4 4 0 0 0 0 6m6-6a4 4 0 0 1 0 6',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside a word. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
