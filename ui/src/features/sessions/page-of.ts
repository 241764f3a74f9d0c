/** The events of a session lie in pages, counted from 0. */

export const PAGE = 100;

/** The page of an event. */
export const pageOf = (seq: number): number => Math.max(0, Math.floor((seq - 1) / PAGE));

/** Which events of a page are to be read where there are events until `last` and the first of it are known. */
export function missingOf(index: number, last: number, known = 0): { readonly after: number; readonly limit: number } {
  const after = index * PAGE + known;
  return { after, limit: Math.min(last, (index + 1) * PAGE) - after };
}

/** The newest events, with those before them: the last page may be a short one. */
export const newestOf = (last: number): readonly number[] => [pageOf(last), pageOf(last) - 1].filter((one) => one >= 0);
