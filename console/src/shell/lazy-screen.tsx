import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from '../kit/loading.tsx';
import { NotLoaded } from './fallbacks.tsx';

type LazyScreen = FunctionComponent & {
  /** Loads the file of the screen before the screen is shown. */
  readonly preload: () => void;
};

/** A screen in a file of its own, which is loaded when it is shown first. */
export function lazyScreen(load: () => Promise<{ default: ComponentType }>): LazyScreen {
  let loaded: ComponentType | undefined;
  let loading: Promise<ComponentType> | undefined;
  const start = (): Promise<ComponentType> => {
    loading ??= load().then(
      (module) => {
        loaded = module.default;
        return loaded;
      },
      () => {
        loading = undefined;
        return NotLoaded;
      },
    );
    return loading;
  };

  function Screen() {
    const [Shown, show] = useState<ComponentType | undefined>(() => loaded);
    useEffect(() => {
      void start().then((component) => show(() => component));
    }, []);
    return Shown === undefined ? <Loading rows={6} /> : <Shown />;
  }
  return Object.assign(Screen, { preload: () => void start() });
}
