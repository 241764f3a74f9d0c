/** Who sits here. Keys belong to projects, so the browser keeps the name, and of which groups that person is one. */
import { useSyncExternalStore } from 'react';
import { keep, readKept } from './storage.ts';

const NAME = 'myelin.person';
const ME = 'myelin.me';
/** With the name, as many as the API takes. */
const MOST_GROUPS = 49;

export interface Me {
  /** '': not known yet. */
  readonly name: string;
  readonly groups: readonly string[];
}

const hearers = new Set<() => void>();
function hear(heard: () => void): () => void {
  if (hearers.size === 0) addEventListener('storage', saidElsewhere);
  hearers.add(heard);
  return () => {
    hearers.delete(heard);
    if (hearers.size === 0) removeEventListener('storage', saidElsewhere);
  };
}
const tell = () => {
  for (const heard of hearers) heard();
};

let typed = readKept(NAME) ?? '';
let me = readMe();

/** In another tab of this browser. */
function saidElsewhere({ key }: StorageEvent): void {
  if (key !== ME) return;
  me = readMe();
  typed = me.name;
  tell();
}

function readMe(): Me {
  const name = typed.trim();
  try {
    const kept: unknown = JSON.parse(readKept(ME) ?? 'null');
    if (typeof kept === 'object' && kept !== null && 'name' in kept && 'groups' in kept && Array.isArray(kept.groups))
      return { name: String(kept.name), groups: kept.groups.map(String) };
  } catch {
    // What cannot be read is as good as nothing.
  }
  return { name, groups: [] };
}

/** The name under which decisions and notes are signed, letter by letter as it is typed. */
export function usePerson(): [string, (name: string) => void] {
  const name = useSyncExternalStore(hear, () => typed);
  const set = (next: string) => {
    typed = next;
    keep(NAME, next);
    tell();
  };
  return [name, set];
}

/** Whose inbox this is: a name that was signed with or said, not one that is being typed. */
export const useMe = (): Me => useSyncExternalStore(hear, meNow);

export const meNow = (): Me => me;

/** For the API: the person and the groups; none where nobody is known. */
export const namesOf = ({ name, groups }: Me): readonly string[] => (name === '' ? [] : [name, ...groups]);

export function become({ name, groups }: Me): void {
  const own = [...new Set(groups)].filter((group) => group !== name).slice(0, MOST_GROUPS);
  me = { name: name.trim(), groups: own };
  typed = me.name;
  keep(NAME, typed);
  keep(ME, JSON.stringify(me));
  tell();
}

/** Somebody decided: who decides in the name of a group is one of it. `as` '': in the own name. */
export function signed(name: string, as: string): void {
  const groups = me.name === name ? me.groups : [];
  become({ name, groups: as === '' || as === OWNER ? groups : [...groups, as] });
}

/** May always decide, whoever is asked. */
export const OWNER = 'owner';
