/** What a key may give to others: never more than it has, nor for longer. */
import { MyelinError } from '../errors.ts';
import { covers, type KeyRole } from './roles.ts';

export interface Standing {
  readonly role: KeyRole;
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/** Ten years: whoever wants more wants a key that does not expire. */
export const LONGEST_KEY_MS = 3_650 * 86_400_000;

/** Throws `forbidden` where the maker has less, `invalid_request` where the time is past or too far away. */
export function checkGrant(maker: Standing, wanted: Standing, now: number): void {
  checkCovers(maker.role, wanted.role, 'make');
  const { expiresAt } = wanted;
  if (expiresAt !== null && expiresAt <= now) throw refusal(`${iso(expiresAt)} is past; name a time to come.`);
  if (expiresAt !== null && expiresAt > now + LONGEST_KEY_MS) {
    throw refusal(`${iso(expiresAt)} is more than ten years away; name a nearer time, or none for a key that stays.`);
  }
  const end = maker.expiresAt;
  if (end === null || (expiresAt !== null && expiresAt <= end)) return;
  throw new MyelinError(
    'forbidden',
    `The key that asks expires at ${iso(end)}, and makes none that lives longer: name a time up to then.`,
  );
}

/** Throws `forbidden`: a key neither makes nor revokes one that may more than it. */
export function checkCovers(role: KeyRole, other: KeyRole, doing: 'make' | 'revoke'): void {
  if (covers(role, other)) return;
  throw new MyelinError(
    'forbidden',
    `A key of the role ${role} cannot ${doing} one of the role ${other}: it may less.`,
  );
}

const iso = (ms: number): string => new Date(ms).toISOString();

const refusal = (message: string): MyelinError =>
  new MyelinError('invalid_request', `body.expiresAt: ${message}`, { errors: [{ path: 'body.expiresAt', message }] });
