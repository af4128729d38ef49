/** The parameters in the fragment of a link to the console. A fragment is sent to no server. */
export interface Fragment {
  /** `whc_…`, valid once. */
  readonly code: string | undefined;
  /** Whether the code is exchanged only after a click: programs that scan links open them. */
  readonly confirm: boolean;
  readonly theme: Theme | undefined;
}

export type Theme = 'light' | 'dark';

/** Reads `#code=…&confirm=1&theme=dark`. Unknown parameters are ignored. */
export function readFragment(hash: string): Fragment {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const theme = parameters.get('theme');
  return {
    code: parameters.get('code') || undefined,
    confirm: parameters.get('confirm') === '1',
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
  };
}
