/** How far a poll reads the pages of its source, told from the cursors of what has come so far. */
import { MyelinError } from '../errors.ts';
import { type Cursor, compare } from './select.ts';

/**
 * What is still to come lies before `known`, the cursor that the poll has come to: the source lists the newest first,
 * and has passed it. Where it lists them in another order this is never so. `known` null: nothing is met.
 */
export function isMet(cursors: readonly Cursor[], known: Cursor | null): boolean {
  const [first, last] = [cursors[0], cursors.at(-1)];
  if (known === null || first === undefined || last === undefined) return false;
  return compare(last, known) < 0 && compare(first, last) > 0 && isInOrder(cursors.toReversed());
}

/**
 * The most pages were read, and there are more. Where the oldest come first, the next poll goes on behind the last of
 * them. Else throws `limit_exceeded`: to go on would lose what lies between.
 */
export function checkCut(cursors: readonly Cursor[], known: Cursor | null, pages: number): void {
  const last = cursors.at(-1);
  const goesOn = last !== undefined && isInOrder(cursors) && (known === null || compare(last, known) > 0);
  if (goesOn) return;
  const mend = 'raise http.paginate.max, or ask by $cursor for what is new; until then nothing starts';
  throw new MyelinError('limit_exceeded', `What is new does not end within ${pages} pages: ${mend}.`);
}

const isInOrder = (cursors: readonly Cursor[]): boolean =>
  cursors.every((one, at) => at === 0 || compare(cursors[at - 1] as Cursor, one) <= 0);
