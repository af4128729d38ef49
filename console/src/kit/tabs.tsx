import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { moveSelection } from './chart-scale.ts';

interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: ComponentChildren;
}

/** Tabs of which one panel is shown. The arrow keys choose, as WAI-ARIA describes it. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [selected, select] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const base = useId();
  const shown = tabs[Math.min(selected, tabs.length - 1)];
  if (shown === undefined) return null;

  function onKeyDown(event: KeyboardEvent): void {
    const next = moveSelection(event.key, selected, tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    select(next);
    list.current?.querySelectorAll('button')[next]?.focus();
  }

  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ id, label: word }, index) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={shown.id === id}
            aria-controls={`${base}-panel`}
            tabIndex={shown.id === id ? 0 : -1}
            onClick={() => select(index)}
          >
            {word}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${shown.id}`}>
        {shown.content}
      </div>
    </div>
  );
}
