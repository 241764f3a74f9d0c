/**
 * Which items of a poll are new, and what is remembered of them. By cursor: those beyond it, and those at it that were
 * not there before, so a source that answers with the last ones again starts nothing twice and one that writes two
 * items at the same time loses none. By hash: those that are another than the last of their id.
 */
import { MyelinError } from '../errors.ts';

export type Cursor = string | number;

export interface Item {
  /** As it came. */
  readonly value: unknown;
  /** What tells it from the others, as a digest. */
  readonly id: string;
  /** Digest of all of it. */
  readonly hash: string;
  /** Absent with `changed: hash`. */
  readonly cursor?: Cursor;
}

export interface Known {
  readonly cursor: Cursor | null;
  /** Hash by id: of the items that stand at the cursor, or of all. */
  readonly seen: ReadonlyMap<string, string>;
  /** A poll has gone well before. */
  readonly begun: boolean;
}

export interface Selection {
  /** In the order in which they start. */
  readonly fresh: readonly Item[];
  readonly cursor: Cursor | null;
  /** What was remembered before counts no more. */
  readonly forget: boolean;
  /** To remember besides. */
  readonly remember: readonly Pick<Item, 'id' | 'hash'>[];
  /** Some are left for the next poll. */
  readonly more: boolean;
}

/** Items that one poll starts, */
export const MOST_STARTS = 1_000;
/** that its source may list, */
export const MOST_ITEMS = 10_000;
/** and of which one trigger remembers something. */
export const MOST_KEPT = 100_000;

/** `truncated`: the source has more of them, which did not come. Throws `limit_exceeded`, `config_invalid`. */
export function byCursor(items: readonly Item[], known: Known, truncated: boolean): Selection {
  const all = items.map((item) => ({ ...item, cursor: item.cursor as Cursor }));
  if (truncated && all.some((item, at) => at > 0 && compare((all[at - 1] as At).cursor, item.cursor) > 0)) {
    const mend = 'order it by the cursor, ascending';
    throw new MyelinError('config_invalid', `The query has more than ${MOST_STARTS} rows: ${mend}.`);
  }
  const fresh = withoutRepeats(all, known).toSorted((a, b) => compare(a.cursor, b.cursor));
  const isCut = truncated || fresh.length > MOST_STARTS;
  const kept = isCut ? upToBoundary(fresh, truncated) : fresh;
  const cursor = kept.at(-1)?.cursor ?? known.cursor;
  const forget = !isSame(cursor, known.cursor);
  return { fresh: kept, cursor, forget, remember: kept.filter((one) => isSame(one.cursor, cursor)), more: isCut };
}

type At = Item & { readonly cursor: Cursor };

function withoutRepeats(items: readonly At[], { cursor, seen }: Known): At[] {
  const found = new Map<string, At>();
  for (const item of items) {
    const order = cursor === null ? 1 : compare(item.cursor, cursor);
    if (order < 0 || (order === 0 && seen.has(item.id))) continue;
    const place = JSON.stringify([item.cursor, item.id]);
    if (!found.has(place)) found.set(place, item);
  }
  return [...found.values()];
}

/** Items of one cursor stay together: a source that is asked for what lies beyond it would never give the others. */
function upToBoundary(fresh: readonly At[], truncated: boolean): readonly At[] {
  const window = fresh.slice(0, MOST_STARTS);
  const boundary = (truncated ? window.at(-1) : fresh[MOST_STARTS])?.cursor ?? null;
  const kept = window.filter((one) => !isSame(one.cursor, boundary));
  if (kept.length > 0) return kept;
  const mend = 'take a cursor that tells them apart';
  throw new MyelinError('limit_exceeded', `${MOST_STARTS} items or more have the same cursor: ${mend}.`);
}

/** Whole numbers by size, in digits too; other texts by their characters. Throws `config_invalid` for two kinds. */
export function compare(a: Cursor, b: Cursor): number {
  const [first, second] = [wholeOf(a), wholeOf(b)];
  if (first !== undefined && second !== undefined) return order(first, second);
  if (typeof a === typeof b) return order(a, b);
  throw new MyelinError('config_invalid', `The cursor is a ${typeof a} here and a ${typeof b} there.`);
}

/** A database gives large numbers as texts. */
function wholeOf(cursor: Cursor): bigint | undefined {
  if (typeof cursor === 'number') return Number.isSafeInteger(cursor) ? BigInt(cursor) : undefined;
  return /^-?\d{1,100}$/.test(cursor) ? BigInt(cursor) : undefined;
}

function order(a: Cursor | bigint, b: Cursor | bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const isSame = (a: Cursor | null, b: Cursor | null): boolean =>
  a === b || (a !== null && b !== null && compare(a, b) === 0);

/** Throws `config_invalid`, `limit_exceeded`. */
export function byHash(items: readonly Item[], known: Known, truncated: boolean): Selection {
  if (truncated) throw tooMany();
  const found = new Map<string, Item>();
  for (const item of items) {
    const other = found.get(item.id);
    if (other !== undefined && other.hash !== item.hash) {
      throw new MyelinError('config_invalid', 'Two items that differ have the same id: correct `itemId`.');
    }
    found.set(item.id, item);
  }
  const changed = [...found.values()].filter(({ id, hash }) => known.seen.get(id) !== hash);

  const fresh = changed.slice(0, MOST_STARTS);
  return { fresh, cursor: null, forget: false, remember: fresh, more: changed.length > MOST_STARTS };
}

export const tooMany = (): MyelinError =>
  new MyelinError('limit_exceeded', `The source lists more than ${MOST_ITEMS} items: ask it for less.`);

export const tooManyKept = (): MyelinError =>
  new MyelinError('limit_exceeded', `The poll would remember more than ${MOST_KEPT} items: poll by a cursor instead.`);
