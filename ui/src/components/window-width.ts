/** Whether the window is wide enough for a list and what is chosen of it side by side. */
import { useSyncExternalStore } from 'react';

/** `lg` of the style sheet, so that script and style agree. */
const query = matchMedia('(min-width: 64rem)');

export const useWide = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => query.matches,
  );
