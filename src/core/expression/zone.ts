/**
 * Time zones that an expression may name. luxon keeps every name it meets for ever and knows names that mean the zone
 * of this machine; so a name is checked and put into its canonical spelling before luxon sees it.
 */
import { charge, fail } from './budget.ts';

const OFFSET = /^(?:utc|gmt)(?:[+-]\d{1,2}(?::\d{2})?)?$/i;
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,3}$/;
const MAX_KNOWN = 600;
/** Spelling to canonical name; emptied when full, since spellings are the user's to choose. */
const known = new Map<string, string>();

/** Canonical name of a zone such as `Europe/Berlin`, `UTC` or `UTC+2`. */
export function toZone(value: unknown): string {
  if (typeof value !== 'string' || value.length > 64) return fail('the time zone is not a name such as Europe/Berlin');
  if (OFFSET.test(value)) return value;
  const found = known.get(value);
  if (found !== undefined) return found;
  charge(100);
  const name = canonical(value);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(value, name);
  return name;
}

function canonical(value: string): string {
  if (!NAME.test(value)) return fail('the time zone is not a name such as Europe/Berlin');
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return fail('the time zone is not known');
  }
}
