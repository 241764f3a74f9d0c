/** Dark or light; the choice of the system until somebody chooses. `public/theme.js` sets it before the first paint. */
import { useState } from 'react';
import { keep } from '../components/storage.ts';

export type Theme = 'dark' | 'light';

export const themeNow = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(themeNow);
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    keep('myelin.theme', next);
    setTheme(next);
  };
  return [theme, toggle];
}
