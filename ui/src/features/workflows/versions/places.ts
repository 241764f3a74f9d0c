/** Where a change is in the drawing. */
import { triggerPlace } from '../../../graph/document.ts';
import type { Change } from './definition-diff.ts';

/** Undefined: it is no card there. */
export function placeOf({ what, name }: Change): string | undefined {
  if (what === 'node') return name;
  return what === 'trigger' ? triggerPlace(name) : undefined;
}
