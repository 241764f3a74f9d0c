/** Faults of a zod schema in our own words, with places such as `nodes[2].config.url`. */
import type { z } from 'zod';
import type { Fault } from '../errors.ts';

/** A fault of a schema in our own words: `nodes[2].config.url`. */
export function issueFaults(issue: z.core.$ZodIssue, prefix: string): Fault[] {
  const path = issue.path.reduce<string>((at, key) => join(at, key), prefix);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: join(path, key), message: 'unknown field; remove or rename it' }));
  }
  if (issue.code === 'invalid_union') return [unionFault(issue, path)];
  return [{ path: path || 'document', message: issue.message }];
}

/** Of a union, the alternative that came nearest is the one to speak of: the one whose fault lies deepest. */
function unionFault(issue: z.core.$ZodIssueInvalidUnion, path: string): Fault {
  const nested = issue.errors.flatMap((issues) => issues.slice(0, 1));
  const deepest = nested.reduce<z.core.$ZodIssue | undefined>(
    (best, next) => (best === undefined || next.path.length > best.path.length ? next : best),
    undefined,
  );
  return deepest === undefined
    ? { path: path || 'document', message: issue.message }
    : (issueFaults(deepest, path)[0] as Fault);
}

function join(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}
