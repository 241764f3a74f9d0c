/** Who is next where projects take turns: a claim begins behind the project that was served last. */

/** Sorts before every id. */
export const FIRST_TURN = '00000000-0000-0000-0000-000000000000';

/** Compares project ids by their turn, which goes round from the first behind `after`. */
export function byTurn(after: string): (a: string, b: string) => number {
  return (a, b) => Number(a <= after) - Number(b <= after) || (a < b ? -1 : Number(a > b));
}

/** The project served last, where each row is one execution given away: the next turn begins behind it. */
export function lastTurn(after: string, rows: readonly { readonly projectId: string }[]): string {
  const counts = new Map<string, number>();
  for (const { projectId } of rows) counts.set(projectId, (counts.get(projectId) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const served = [...counts].filter(([, count]) => count === most).map(([projectId]) => projectId);
  return served.sort(byTurn(after)).at(-1) ?? after;
}
