/** Which of what was read is to be read again after a change. */
import type { LiveEvent } from '../../../src/contract/live.ts';
import type { Route } from '../../../src/contract/route.ts';
import type { Topic } from '../../../src/core/topics.ts';

type Changed = Extract<LiveEvent, { type: 'changed' }>;
export type Tags = Readonly<Record<Topic, readonly Route['tag'][]>>;

/** Among what is due: any execution may have changed. */
const EVERY_EXECUTION = 'every execution';

/** Tags of the table of routes, and the ids of the executions that changed. */
export function dueAfter({ topics, executions, more }: Changed, tags: Partial<Tags>): readonly string[] {
  const due: string[] = topics.flatMap((topic) => tags[topic] ?? []);
  if (!topics.includes('executions')) return due;
  // A change that names none is one of the API, whose execution is not told.
  if (more || executions.length === 0) return [...due, EVERY_EXECUTION];
  return [...due, ...executions.map(({ id }) => id)];
}

/** What shows one execution, which may be large, is read again only when that one changed. */
export function isDue(due: ReadonlySet<string>, tag: string | undefined, request: unknown): boolean {
  if (tag === undefined || !due.has(tag)) return false;
  const { params } = (request ?? {}) as { readonly params?: { readonly id?: string } };
  if (tag !== 'Executions' || params?.id === undefined) return true;
  return due.has(params.id) || due.has(EVERY_EXECUTION);
}
