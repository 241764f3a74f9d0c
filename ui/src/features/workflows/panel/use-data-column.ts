/** Whether the column of data is open; kept in this browser for all panels. One without data opens when it is asked for. */
import { useState } from 'react';
import { keep, readKept } from '../../../components/storage.ts';

const KEY = 'myelin.panel.data';

export function useDataColumn(hasData: boolean): readonly [isOpen: boolean, toggle: () => void] {
  const [isOpen, setOpen] = useState(() => readKept(KEY) !== 'closed');
  const [isAsked, setAsked] = useState(false);
  if (!hasData) return [isAsked, () => setAsked(!isAsked)];
  const toggle = () => {
    keep(KEY, isOpen ? 'closed' : 'open');
    setOpen(!isOpen);
  };
  return [isOpen, toggle];
}
