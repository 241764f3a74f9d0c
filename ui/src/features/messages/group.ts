/** Words for groups of event triggers. */
import type { Answer } from '../../api/call.ts';

export type Group = Answer<'listEventGroups'>['items'][number];

/** A group without a name is of one trigger. */
export function nameOf({ group, members }: Pick<Group, 'group' | 'members'>): string {
  const [only] = members;
  return group ?? `${only?.workflowName}/${only?.trigger}`;
}

export function counted({ messages, isMore }: Group['lag']): string {
  const count = messages.toLocaleString('en-US');
  return isMore ? `more than ${count} messages` : messages === 1 ? '1 message' : `${count} messages`;
}
