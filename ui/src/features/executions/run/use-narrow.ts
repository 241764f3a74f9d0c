/** Is the window that of a telephone? */
import { useSyncExternalStore } from 'react';

const QUERY = '(max-width: 767px)';

export const useIsNarrow = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      const media = matchMedia(QUERY);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(QUERY).matches,
  );
