/** How the counts of a dry run are said. */
import type { DryReplay } from '../../../../src/contract/replays.ts';

export function foundWords({ total, more }: DryReplay): string {
  const messages = `${total.toLocaleString()} ${total === 1 ? 'message' : 'messages'}`;
  return more ? `At least ${messages}` : messages;
}

export function takenWords(dry: DryReplay): string {
  const { total, taken, examined, refused, workflowName, version, trigger } = dry;
  if (total === 0) return 'would be read.';
  const some = taken.toLocaleString();
  const of = isWhole(dry) ? `found, of which ${some}` : `found; of the first ${examined.toLocaleString()}, ${some}`;
  const by = trigger === null ? '' : ` by its trigger ${trigger}`;
  const rest = refused === 0 ? '' : ` ${refused.toLocaleString()} could start nothing.`;
  return `${of} would start ${workflowName} v${version}${by}.${rest}`;
}

/** All that the filter finds was looked at. */
export const isWhole = ({ total, more, examined }: DryReplay): boolean => !more && examined === total;

export const startsNothing = (dry: DryReplay): boolean => isWhole(dry) && dry.taken === 0;
