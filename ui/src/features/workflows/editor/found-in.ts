/** Which types a search finds, the best first. */
import type { Entry, Group } from './catalog.ts';

export function foundIn(groups: readonly Group[], text: string): readonly Entry[] {
  const wanted = text.trim().toLowerCase();
  const ranked = groups.flatMap(({ entries }) => entries.map((entry) => ({ entry, rank: rankOf(entry, wanted) })));
  return ranked
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ entry }) => entry);
}

/** By its name first: who types `tra` means transform, not all that transforms something. */
function rankOf({ type: { type, description } }: Entry, wanted: string): number {
  const name = type.toLowerCase();
  if (name === wanted) return 4;
  if (name.startsWith(wanted)) return 3;
  if (name.includes(wanted)) return 2;
  const words = `${name} ${description.toLowerCase()}`;
  return wanted.split(/\s+/).every((word) => words.includes(word)) ? 1 : 0;
}
