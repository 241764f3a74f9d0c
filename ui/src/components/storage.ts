/** What this browser keeps. Where it keeps nothing, as when it forbids that or has no room, the page still works. */

export function readKept(place: string): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Undefined: forgets it. */
export function keep(place: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(place);
    else localStorage.setItem(place, text);
  } catch {
    // Only the next visit begins anew.
  }
}
