/**
 * A part that is fetched with the page itself (ui/first-chunks.ts), and shown as soon as it is here. `lazy` would
 * suspend, and React keeps what has suspended back for 300 ms to spare the eye.
 */
import { type ComponentType, createElement, useSyncExternalStore } from 'react';
import { Loading } from './loading.tsx';

export function early<P extends object>(load: Promise<{ readonly default: ComponentType<P> }>): ComponentType<P> {
  let part: ComponentType<P> | undefined;
  let fault: unknown;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  load
    .then(
      (loaded) => {
        part = loaded.default;
      },
      (error: unknown) => {
        fault = error;
      },
    )
    .finally(tell);
  const subscribe = (changed: () => void) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  };
  return function Early(props) {
    const isHere = useSyncExternalStore(subscribe, () => part !== undefined || fault !== undefined);
    if (fault !== undefined) throw fault;
    return isHere ? createElement(part as ComponentType<P>, props) : <Loading />;
  };
}
