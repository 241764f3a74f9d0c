/** A key for the row of a table that has the focus: x chooses it, as in a mailbox. */
import { useEffect, useRef } from 'react';

export function useRowKey(key: string, run: (row: string) => void): void {
  const now = useRef(run);
  now.current = run;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const row = (event.target as HTMLElement).dataset?.row;
      if (row === undefined || event.key !== key || event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      now.current(row);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [key]);
}
