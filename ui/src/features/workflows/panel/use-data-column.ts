/** Whether the column of data is open; kept in this browser for all panels. */
import { useState } from 'react';

const KEY = 'myelin.panel.data';

export function useDataColumn(): readonly [isOpen: boolean, toggle: () => void] {
  const [isOpen, setOpen] = useState(() => localStorage.getItem(KEY) !== 'closed');
  const toggle = () => {
    localStorage.setItem(KEY, isOpen ? 'closed' : 'open');
    setOpen(!isOpen);
  };
  return [isOpen, toggle];
}
