/** What a decision adds to sessions: one append for each, in the order in which it was told. */
import type { Demand, ExecutionState } from '../core/execution/index.ts';
import type { SessionEvent } from '../core/session/events.ts';
import type { SessionAppend } from '../ports/sessions.ts';
import type { Commit } from '../ports/store.ts';

export function sessionsOf(
  state: ExecutionState,
  demands: readonly Demand[],
  needs: { newId(): string },
): Pick<Commit, 'sessions'> {
  const appends = new Map<string, SessionAppend & { readonly events: SessionEvent[] }>();
  for (const demand of demands) {
    if (demand.kind !== 'session') continue;
    const { session, events } = demand;
    const { start, category, tags } = session;
    const known = appends.get(start.key);
    const append = known ?? {
      newId: needs.newId(),
      start: { type: 'agent.session.started', at: state.at, data: start, executionId: state.id },
      events: [],
      ...(category !== undefined && { category }),
      ...(tags !== undefined && { tags }),
    };
    if (known === undefined) appends.set(start.key, append);
    for (const event of events) append.events.push({ ...event, executionId: state.id });
  }
  return appends.size === 0 ? {} : { sessions: [...appends.values()] };
}
