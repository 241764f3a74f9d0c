/** How long a new key may serve: never longer than the key that makes it. */

const DAY_MS = 86_400_000;
const DAYS = [7, 30, 90, 365];

/** As long as the key that makes it. */
const OWN = 'own';
const NEVER = 'never';

export interface Lifetime {
  readonly value: string;
  readonly label: string;
}

/** `end` is when the key that makes it expires (ms); null: never. */
export function lifetimesFor(end: number | null, now: number): Lifetime[] {
  const fitting = DAYS.filter((days) => end === null || now + days * DAY_MS <= end);
  const last =
    end === null ? { value: NEVER, label: 'until it is revoked' } : { value: OWN, label: 'as long as yours' };
  return [...fitting.map((days) => ({ value: String(days), label: days === 365 ? '1 year' : `${days} days` })), last];
}

/** ISO, of a chosen lifetime; null: it does not expire. */
export function endOf(value: string, end: number | null, now: number): string | null {
  if (value === NEVER) return null;
  return new Date(value === OWN && end !== null ? end : now + Number(value) * DAY_MS).toISOString();
}
