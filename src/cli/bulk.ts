/** The same done to all that fit a filter: page after page, with how far it is on a terminal, and in words where it is cut off. */
import type { BulkPage } from '../sdk/index.ts';
import type { Context } from './context.ts';

export interface BulkSum {
  readonly done: number;
  readonly refused: number;
}

/** `words`: what is done, such as `canceled`. */
export async function doToAll(
  context: Context,
  words: string,
  ask: (more: { readonly cursor?: string }) => Promise<BulkPage>,
): Promise<BulkSum> {
  let [done, refused] = [0, 0];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    try {
      const page = await ask(cursor === undefined ? {} : { cursor });
      done += page.done;
      refused += page.refused;
      cursor = page.nextCursor;
    } catch (error) {
      if (cursor !== undefined)
        context.remark(`${done} ${words} before it was cut off. Run it again for the rest: nothing is done twice.`);
      throw error;
    }
    if (cursor !== null && done > 0 && context.io.isTTY) context.remark(`${done} ${words} so far`);
  }
  return { done, refused };
}

export const sumWords = ({ done, refused }: BulkSum, words: string): string =>
  `${done} ${words}${refused === 0 ? '' : `, ${refused} refused`}`;
