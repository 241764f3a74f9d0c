/** Two keys one after the other: after `g` a letter goes to a page. */
const WITHIN_MS = 1_200;

/** Gets each key as it comes; true for one that is the second of the two. */
export function goChord(): (event: Pick<KeyboardEvent, 'key' | 'timeStamp'>) => boolean {
  // Not 0: the clock of events begins with the page, and a letter pressed at once would count as the second of two.
  let since = Number.NEGATIVE_INFINITY;
  return ({ key, timeStamp }) => {
    const isSecond = key !== 'g' && timeStamp - since < WITHIN_MS;
    since = key === 'g' ? timeStamp : Number.NEGATIVE_INFINITY;
    return isSecond;
  };
}
