/** Faults of a zod schema in our own words, with places such as `nodes[2].config.url`. */
import type { z } from 'zod';
import type { Fault } from '../errors.ts';

/** A fault of a schema in our own words: `nodes[2].config.url`. */
export function issueFaults(issue: z.core.$ZodIssue, prefix: string): Fault[] {
  const path = issue.path.reduce<string>((at, key) => join(at, key), prefix);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: join(path, key), message: 'unknown field; remove or rename it' }));
  }
  const nearest = issue.code === 'invalid_union' ? nearestFault(issue) : undefined;
  // What takes one of several has words of its own for what is none of them; those do not tell what is wrong inside of one.
  const isTold = nearest?.path.length === 0 && issue.message !== 'Invalid input';
  if (nearest !== undefined && !isTold) return issueFaults(nearest, path).slice(0, 1);
  return [{ path: path || 'document', message: inWords(issue.message) }];
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'nothing',
  NaN: 'what is no number',
};

/** The library's own words for a value of another type; all other messages are ours. */
function inWords(message: string): string {
  const [, expected = '', received = ''] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  const wanted = KINDS[expected];
  if (wanted === undefined) return message;
  return received === 'undefined'
    ? `is missing; takes ${wanted}`
    : `takes ${wanted}, not ${KINDS[received] ?? received}`;
}

/** Of a union, the alternative that came nearest is the one to speak of: the one whose fault lies deepest. */
function nearestFault(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined {
  const nested = issue.errors.flatMap((issues) => issues.slice(0, 1));
  return nested.reduce<z.core.$ZodIssue | undefined>(
    (best, next) => (best === undefined || next.path.length > best.path.length ? next : best),
    undefined,
  );
}

function join(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}
