/**
 * Groups of event triggers. Each trigger belongs to one: that of its `group`, or one of its own. A group has each
 * message once, and a place in the log where it goes on after it was away.
 */
import type { CloudEvent } from './cloud-event.ts';

/** Where a group begins in the log: at its beginning, at its end, or with what was written at a time (ms) or later. */
export type GroupStart = 'earliest' | 'latest' | number;

/** `live`: at the head; `paused`: none of its workflows is active. */
export type GroupState = 'live' | 'catching_up' | 'paused';

/** What names a group within its project: `group/NAME`, or the id of a trigger that stands alone. */
export const groupOf = (triggerId: string, group: unknown): string =>
  group === undefined ? triggerId : `group/${group}`;

/**
 * The key of what a message starts by a group, whoever of it takes it. `turn` counts how often somebody has set the
 * group back: what it reads again starts again.
 */
export function eventKey({ source, id }: Pick<CloudEvent, 'source' | 'id'>, group: string, turn = 0): string {
  return JSON.stringify(['event', source, id, group, ...(turn > 0 ? [turn] : [])]);
}

/** Where a group begins whose triggers say so in `from`: as far back as one of them wants. */
export function startOf(froms: readonly unknown[]): GroupStart {
  const starts = froms.map((from): GroupStart => {
    if (from === 'earliest' || from === 'latest' || from === undefined) return from ?? 'latest';
    return Date.parse(String(from));
  });
  if (starts.includes('earliest')) return 'earliest';
  const times = starts.filter((one) => typeof one === 'number');
  return times.length === 0 ? 'latest' : Math.min(...times);
}
