/** What a session hears of a director's turns; it is written with the commit of the event that it is made of. */
import { directorOf, type News } from '../node-type.ts';
import type { SessionEvent } from '../session/events.ts';
import { knownOf } from './node-env.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { nodeState } from './state.ts';

export function tell(state: ExecutionState, ref: NodeRef, news: News): void {
  const session = nodeState(ref).run?.iteration.session;
  const record = directorOf(ref.node.type)?.record;
  if (session === undefined || record === undefined) return;
  const told = record(knownOf(state, ref, state.at), news);
  const events = told.filter((event) => isNew(state, session.start.key, event));
  if (events.length > 0) state.due.push({ kind: 'session', session, events });
}

/**
 * What a user said is one message until it is answered, however many nodes look at it: an intent is found, facts are
 * picked out, and then an agent answers.
 */
function isNew({ unanswered }: ExecutionState, session: string, { type, data }: SessionEvent): boolean {
  if (type === 'agent.response.generated') unanswered.delete(session);
  if (type !== 'user.message.received') return true;
  const said = JSON.stringify(data.content);
  const before = unanswered.get(session) ?? new Set();
  if (before.has(said)) return false;
  unanswered.set(session, before.add(said));
  return true;
}

/** The director is told of the node that it hears, while the turn goes on. */
export function overhear(state: ExecutionState, { scope, node }: NodeRef, output: unknown): void {
  const { container, iteration: index } = scope;
  if (container === null || directorOf(container.node.type)?.hears !== node.id) return;
  const { turns } = nodeState(container).run!;
  turns[index] = { ...turns[index]!, heard: { at: state.at, output } };
  tell(state, container, { is: 'heard', index });
}
