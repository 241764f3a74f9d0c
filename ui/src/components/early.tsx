/**
 * Parts with a chunk of their own that are shown as soon as they are here. `lazy` would suspend, and React keeps what has
 * suspended back for 300 ms to spare the eye.
 */
import { type ComponentType, createElement, useSyncExternalStore } from 'react';
import { Loading } from './loading.tsx';

type Load<P> = Promise<{ readonly default: ComponentType<P> }>;

/** Fetched with the page itself (ui/first-chunks.ts). */
export function early<P extends object>(load: Load<P>): ComponentType<P> {
  const { begin, Part } = partOf(() => load);
  begin();
  return Part;
}

/** Fetched when it is to be shown for the first time. */
export const later = <P extends object>(load: () => Load<P>): ComponentType<P> => partOf(load).Part;

function partOf<P extends object>(load: () => Load<P>) {
  let part: ComponentType<P> | undefined;
  let fault: unknown;
  let isBegun = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const begin = () => {
    if (isBegun) return;
    isBegun = true;
    load()
      .then(
        (loaded) => {
          part = loaded.default;
        },
        (error: unknown) => {
          fault = error;
        },
      )
      .finally(tell);
  };
  const subscribe = (changed: () => void) => {
    listeners.add(changed);
    begin();
    return () => listeners.delete(changed);
  };
  function Part(props: P) {
    const isHere = useSyncExternalStore(subscribe, () => part !== undefined || fault !== undefined);
    if (fault !== undefined) throw fault;
    return isHere ? createElement(part as ComponentType<P>, props) : <Loading />;
  }
  return { begin, Part };
}
