import { fold } from '../core/session/evolve.ts';
import { newState, type SessionState } from '../core/session/state.ts';
import type { SessionStore } from '../ports/sessions.ts';

const PAGE = 1_000;
/** Above every number of an event. */
const LATEST = 2 ** 31 - 1;

/** What a session was after its event of this number, default the last: the nearest snapshot, and what came after. */
export async function sessionStateAt(
  store: Pick<SessionStore, 'snapshot' | 'events'>,
  { projectId, id }: { readonly projectId: string; readonly id: string },
  seq = LATEST,
): Promise<SessionState> {
  let state = (await store.snapshot(projectId, id, seq)) ?? newState();
  while (state.seq < seq) {
    const events = await store.events(projectId, id, state.seq, Math.min(PAGE, seq - state.seq));
    state = fold(events, state);
    if (events.length < PAGE) break;
  }
  return state;
}
