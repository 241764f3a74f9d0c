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
  return [{ path: path || 'document', message: inWords(issue) }];
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

/** What a text is made of is told by an example. */
const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'takes a time such as 2026-07-01T12:00:00Z',
  date: 'takes a day such as 2026-07-01',
  uuid: 'takes an id such as 01a21f62-145b-7db7-bff1-df0311a71d0f',
};

/** The library's own words begin so; all other messages are ours. */
const THEIRS = /^(?:Invalid (?:input: expected|option: expected|ISO|UUID)|Too (?:small|big):)/;

function inWords(issue: z.core.$ZodIssue): string {
  const { code, message } = issue;
  if (!THEIRS.test(message)) return message;
  if (code === 'invalid_format') return FORMATS[issue.format] ?? message;
  if (code === 'invalid_value') return choice(issue.values);
  if (code === 'too_small') return bound(issue.origin, 'at least', issue.minimum, issue.inclusive) ?? message;
  if (code === 'too_big') return bound(issue.origin, 'at most', issue.maximum, issue.inclusive) ?? message;
  return kind(message);
}

function choice(values: readonly z.core.util.Primitive[]): string {
  const all = values.map((value) => (typeof value === 'string' && value !== '' ? value : JSON.stringify(value)));
  return `takes ${all.length === 1 ? '' : 'one of '}${all.join(', ')}`;
}

/** `origin` is what is counted. */
function bound(origin: string, most: string, limit: number | bigint, isIncluded = true): string | undefined {
  if (origin === 'string') return `takes ${most} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return `takes ${most} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin !== 'number' && origin !== 'int') return undefined;
  return isIncluded ? `takes ${most} ${limit}` : `takes ${most === 'at least' ? 'more' : 'less'} than ${limit}`;
}

/** Of a value of another type. */
function kind(message: string): string {
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
