/** Who decides, and in whose name: where people are asked by name, the API takes no other. */
import { useState } from 'react';
import { OWNER, useMe, usePerson } from './person.ts';
import { keep, readKept } from './storage.ts';

const PLACE = 'myelin.person.as';

export interface Who {
  readonly name: string;
  readonly setName: (name: string) => void;
  /** '': in the own name. */
  readonly as: string;
  readonly setAs: (as: string) => void;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** What is missing before anything can be sent. */
  readonly fault: { readonly of: 'name' | 'as'; readonly message: string } | undefined;
}

export function useWho(assignees: readonly string[] | null): Who {
  const [name, setName] = usePerson();
  const { groups } = useMe();
  const [chosen, setChosen] = useState<string>();
  const by = name.trim();
  const isAsked = assignees === null || assignees.includes(by);
  const as = chosen ?? (isAsked ? '' : usualOf(assignees, groups));
  const own = { value: '', label: isAsked ? 'My own name' : 'Choose' };
  const others = (assignees ?? []).filter((one) => one !== by).map((one) => ({ value: one, label: one }));
  const setAs = (next: string) => {
    keep(PLACE, next);
    setChosen(next);
  };
  return {
    name,
    setName,
    as,
    setAs,
    choices: assignees === null ? [] : [own, ...others, { value: OWNER, label: 'The owner, who always may' }],
    fault: faultOf(by, isAsked || as !== ''),
  };
}

/** Where only one is asked, there is nothing to choose. */
function usualOf(assignees: readonly string[], groups: readonly string[]): string {
  const last = readKept(PLACE) ?? '';
  if (assignees.length === 1) return String(assignees[0]);
  return assignees.includes(last) || last === OWNER ? last : (assignees.find((one) => groups.includes(one)) ?? '');
}

function faultOf(by: string, isEntitled: boolean): Who['fault'] {
  if (by === '') return { of: 'name', message: 'Your name first: it is kept with the decision.' };
  return isEntitled ? undefined : { of: 'as', message: 'You are not asked by name: choose in whose name you decide.' };
}
