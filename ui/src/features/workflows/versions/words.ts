/** Changes as short text. */
import type { Change } from './definition-diff.ts';

const LONGEST = 2_000;

export function titleOf({ what, name, type }: Change): string {
  if (what === 'workflow') return 'The workflow itself';
  return what === 'trigger' ? `Trigger ${name} (${type})` : what === 'node' ? `${name} (${type})` : name;
}

export function shortOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
