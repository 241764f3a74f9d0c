/** Whether the column of data is open; kept in this browser for all panels. One without data opens when it is asked for. */
import { useState } from 'react';

const KEY = 'myelin.panel.data';

export function useDataColumn(hasData: boolean): readonly [isOpen: boolean, toggle: () => void] {
  const [isOpen, setOpen] = useState(() => localStorage.getItem(KEY) !== 'closed');
  const [isAsked, setAsked] = useState(false);
  if (!hasData) return [isAsked, () => setAsked(!isAsked)];
  const toggle = () => {
    localStorage.setItem(KEY, isOpen ? 'closed' : 'open');
    setOpen(!isOpen);
  };
  return [isOpen, toggle];
}
