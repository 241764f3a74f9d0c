/** What an open question is found by: who is asked, until when, by which events. Read from what its node recorded. */
import { isObject } from './json.ts';
import type { AwaitKind } from './node-type.ts';

export interface WaitIndex {
  readonly assignees: readonly string[] | null;
  /** Milliseconds since the epoch. */
  readonly due: number | null;
  readonly eventKey: string | null;
}

export function waitIndex(kind: AwaitKind, details: unknown): WaitIndex {
  const { assignees, due, type } = isObject(details) ? details : {};
  return {
    assignees: Array.isArray(assignees) ? assignees.map((name) => plain(String(name))) : null,
    due: typeof due === 'number' ? due : null,
    eventKey: kind === 'event' ? eventKey(plain(String(type))) : null,
  };
}

/** A type itself; of a pattern the words before the first `*`, and that: what it takes has all of them. */
function eventKey(pattern: string): string {
  const words = pattern.split('.');
  const star = words.indexOf('*');
  return star === -1 ? pattern : words.slice(0, star + 1).join('.');
}

/** The keys of all types and patterns that may take an event of this type. */
export function eventKeysOf(type: string): string[] {
  const words = type.split('.');
  return [type, ...words.map((_, at) => [...words.slice(0, at), '*'].join('.'))];
}

/** As PostgreSQL can hold it in a text: an expression may have made anything. */
const plain = (text: string): string => text.toWellFormed().replace(/\p{Cc}/gu, ' ');
