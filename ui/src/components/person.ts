/** The name under which whoever sits here decides and takes notes. Keys belong to projects, so the browser keeps it. */
import { useState } from 'react';

const PLACE = 'myelin.person';

export function usePerson(): [string, (name: string) => void] {
  const [name, setName] = useState(() => localStorage.getItem(PLACE) ?? '');
  const set = (next: string) => {
    localStorage.setItem(PLACE, next);
    setName(next);
  };
  return [name, set];
}
