/** Where a change is in the drawing. */
import type { Change } from './definition-diff.ts';

export const triggerPlace = (id: string): string => `trigger:${id}`;

/** Undefined: it is no card there. */
export function placeOf({ what, name }: Change): string | undefined {
  if (what === 'node') return name;
  return what === 'trigger' ? triggerPlace(name) : undefined;
}
