/** The name under which whoever sits here decides and takes notes. Keys belong to projects, so the browser keeps it. */
import { useState } from 'react';
import { keep, readKept } from './storage.ts';

const PLACE = 'myelin.person';

export function usePerson(): [string, (name: string) => void] {
  const [name, setName] = useState(() => readKept(PLACE) ?? '');
  const set = (next: string) => {
    keep(PLACE, next);
    setName(next);
  };
  return [name, set];
}
