/** What a scenario finds: figures, some with a target, and how they read as a table. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target;
}

export type Target = { readonly atLeast: number } | { readonly below: number };

export interface Section {
  /** Letter of the issue, or a word. */
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** For the file only: all runs that the figures were taken from. */
  readonly runs?: unknown;
}

export function figure(name: string, value: number, unit: string, target?: Target): Figure {
  return { name, value, unit, ...(target && { target }) };
}

export function isMet({ value, target }: Figure): boolean {
  if (target === undefined) return true;
  return 'atLeast' in target ? value >= target.atLeast : value < target.below;
}

/** The item in the middle by `key`; of an even number, the lower one. */
export function median<T>(items: readonly T[], key: (item: T) => number): T {
  const sorted = [...items].sort((a, b) => key(a) - key(b));
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

/** As lines of text: figure, value, target, verdict. */
export function formatSection(section: Section): string {
  const rows = section.figures.map((one) => [
    one.name,
    `${formatValue(one.value)} ${one.unit}`.trimEnd(),
    one.target === undefined ? '' : formatTarget(one.target),
    one.target === undefined ? '' : isMet(one) ? 'met' : 'MISSED',
  ]);
  const lines = rows.map(
    ([name, value, target, verdict]) =>
      `    ${name!.padEnd(38)}${value!.padStart(18)}   ${target!.padEnd(20)}${verdict}`,
  );
  return [`${section.id}  ${section.title}`, ...lines.map((line) => line.trimEnd()), ''].join('\n');
}

function formatTarget(target: Target): string {
  return 'atLeast' in target ? `at least ${formatValue(target.atLeast)}` : `below ${formatValue(target.below)}`;
}

/** Three digits that mean something, or all of a whole number. */
export function formatValue(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
