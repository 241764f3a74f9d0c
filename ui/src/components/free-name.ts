/** A name that nobody has yet: the wanted one, else with a number after it. */
const LONGEST = 100;

export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const cut = (end: string): string => `${wanted.slice(0, LONGEST - end.length)}${end}`;
  for (let number = 1; ; number += 1) {
    const name = cut(number === 1 ? '' : `-${number}`);
    if (!taken.has(name)) return name;
  }
}
