/**
 * A part that is fetched at once and shown later. React keeps what has suspended back for 300 ms, to spare the eye; what
 * is here by the time it is shown does not suspend.
 */
import { type ComponentType, createElement, lazy } from 'react';

export function early<P extends object>(load: Promise<{ readonly default: ComponentType<P> }>): ComponentType<P> {
  let ready: ComponentType<P> | undefined;
  load.then(
    ({ default: loaded }) => {
      ready = loaded;
    },
    // Who shows it hears of it.
    () => undefined,
  );
  const Late = lazy(() => load);
  return (props) => createElement((ready ?? Late) as ComponentType<P>, props);
}
