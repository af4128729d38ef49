import { useEffect, useState } from 'preact/hooks';
import { KIT } from '../texts/kit.ts';
import { Icon } from './icon.tsx';

/** How long the button says that the text was copied, in milliseconds. */
const SHOWN_MS = 2_000;

/** `label` says what is copied, such as "Copy the secret". */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [result, setResult] = useState<'copied' | 'copyFailed'>();
  useEffect(() => {
    if (result !== 'copied') return;
    const timer = setTimeout(() => setResult(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = (): void => void copyText(text).then((isDone) => setResult(isDone ? 'copied' : 'copyFailed'));
  return (
    <span class="copy">
      <button type="button" class="button plain" aria-label={label} onClick={copy}>
        <Icon name={result === 'copied' ? 'check' : 'copy'} />
        {result === 'copied' ? KIT.copied : KIT.copy}
      </button>
      <span role="status" class={result === 'copyFailed' ? 'secondary' : 'hidden'}>
        {result && KIT[result]}
      </span>
    </span>
  );
}

/** `navigator.clipboard` exists on https and localhost only, and a frame may not be allowed to use it. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  // Content behind a modal dialog cannot be focused.
  (focused?.closest('dialog') ?? document.body).append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isDone;
}
