import type { ComponentType } from 'preact';
import { NotFound } from './fallbacks.tsx';
import { matchPath } from './match-path.ts';
import { ParametersContext } from './router.tsx';

interface ScreenProps {
  readonly path: string;
  readonly screens: readonly { readonly path: string; readonly component: ComponentType }[];
}

/** The first screen whose address is this path. */
export function Screen({ path, screens }: ScreenProps) {
  for (const { path: pattern, component: Component } of screens) {
    const parameters = matchPath(path, pattern);
    if (parameters === undefined) continue;
    return (
      <ParametersContext.Provider value={parameters}>
        <Component />
      </ParametersContext.Provider>
    );
  }
  return <NotFound />;
}
