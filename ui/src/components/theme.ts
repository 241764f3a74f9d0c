/** Dark or light; the choice of the system until somebody chooses. `public/theme.js` sets it before the first paint. */
import { useSyncExternalStore } from 'react';
import { keep } from './storage.ts';

export type Theme = 'dark' | 'light';

const themeNow = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

function subscribe(changed: () => void): () => void {
  const watcher = new MutationObserver(changed);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => watcher.disconnect();
}

/** For what is drawn in its colors by script: draws it anew when it changes. */
export const useThemeNow = (): Theme => useSyncExternalStore(subscribe, themeNow);

export function useTheme(): [Theme, () => void] {
  const theme = useThemeNow();
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    keep('myelin.theme', next);
  };
  return [theme, toggle];
}
