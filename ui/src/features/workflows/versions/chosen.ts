/** Which two versions are compared: as the address says, else the newest with the one before it. */
export interface Chosen {
  readonly from: number;
  readonly to: number;
}

interface Search {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Undefined: there are no two. The list is newest first; what it does not show yet may be in the address all the same. */
export function chosenOf(versions: readonly { readonly version: number }[], search: Search): Chosen | undefined {
  const newest = versions[0]?.version;
  if (newest === undefined || newest < 2) return undefined;
  const known = (text: string | undefined): number | undefined => {
    const number = Number(text);
    return Number.isInteger(number) && number >= 1 && number <= newest ? number : undefined;
  };
  const to = known(search.to) ?? newest;
  const before = versions.find(({ version }) => version < to)?.version;
  return { from: known(search.from) ?? before ?? to, to };
}
