/** Ends sessions that nobody has gone on with for a while. Any number of processes may do it: one of them is first. */
import { endSession } from '../agents/end-session.ts';
import { MyelinError } from '../core/errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { IdleSession, SessionStore } from '../ports/sessions.ts';
import { Loop } from './loop.ts';

export interface SessionEndsOptions {
  readonly sessions: SessionStore;
  readonly runtime: Runtime;
  /** Of sessions without a time of their own; null: never. */
  readonly idleMs: number | null;
}

const EVERY_MS = 60_000;
/** Sessions of one round. */
const BATCH = 500;

export function createSessionEnds({ sessions, runtime, idleMs }: SessionEndsOptions): Loop {
  /** True where it has ended by now. */
  async function end({ projectId, id, seq }: IdleSession): Promise<boolean> {
    try {
      const session = await sessions.get(projectId, id);
      if (session !== undefined) await endSession(sessions, { ...session, seq }, runtime.now(), { reason: 'timeout' });
      return true;
    } catch (error) {
      // Somebody was at it just now.
      if (error instanceof MyelinError && ['session_ended', 'session_conflict'].includes(error.code)) return true;
      runtime.log.error({ error, projectId, sessionId: id }, 'an idle session could not be ended');
      return false;
    }
  }
  const round = async () => {
    const idle = await sessions.idle(runtime.now(), idleMs, BATCH);
    let ended = 0;
    for (const session of idle) if (await end(session)) ended += 1;
    return idle.length < BATCH || ended === 0 ? EVERY_MS : 0;
  };
  return new Loop({ name: 'session-ends', runtime, round });
}
