/**
 * Waits for how an execution answers. This process hears of those it owns; of any other the history is read now and
 * then: the execution may have been queued, or moved to another process while it waited.
 */
import { MyelinError } from '../../core/errors.ts';
import type { Answer } from '../../engine/outcomes.ts';
import type { StoredEvent } from '../../ports/store.ts';
import type { ApiDeps } from '../deps.ts';
import { inTime } from '../patience.ts';

/** The first look comes soon, each later one after twice the time, up to the longest. */
const FIRST_LOOK_MS = 20;
const LOOK_MS = 250;
const PAGE = 1_000;
/** A reason of its own: without one each abort makes an exception with its stack, which costs more than the rest. */
const ENOUGH = 'enough';

export interface Awaited {
  readonly projectId: string;
  readonly executionId: string;
  /** What this process commits of it; null when it was told to stop. Undefined where someone else started it. */
  readonly heard: Promise<Answer | null> | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** The caller or the server went away. */
  readonly over: AbortSignal;
}

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** Null where there is no answer in time. */
export async function answerOf(deps: Deps, awaited: Awaited): Promise<Answer | null> {
  const { heard, over } = awaited;
  // Mostly the commit that began the execution also ended it: no timer is needed then.
  const early = heard && (await Promise.race([heard, undefined]));
  if (early) return early;
  const stop = new AbortController();
  const end = () => stop.abort(ENOUGH);
  over.addEventListener('abort', end, { once: true });
  if (over.aborted) end();
  try {
    return await lookOut(deps, awaited, stop.signal);
  } finally {
    over.removeEventListener('abort', end);
    end();
  }
}

async function lookOut(deps: Deps, awaited: Awaited, stop: AbortSignal): Promise<Answer | null> {
  const { store, engine, runtime } = deps;
  const { projectId, executionId, heard, until } = awaited;
  let after = 0;
  let lookMs = FIRST_LOOK_MS;
  while (!stop.aborted && runtime.now() < until) {
    const pause = runtime.sleep(Math.min(lookMs, until - runtime.now()), stop).then(() => undefined);
    lookMs = Math.min(LOOK_MS, 2 * lookMs);
    const answer = await (heard === undefined ? pause : Promise.race([heard, pause]));
    if (answer) return answer;
    if (stop.aborted || (heard !== undefined && engine.worker?.has(executionId))) continue;
    const reading = store.executions.events(projectId, executionId, after, PAGE);
    const events = await inTime(runtime, Math.max(0, until - runtime.now()), reading).catch(noneWhileAway);
    const found = events.map(answerIn).find((one) => one !== undefined);
    if (found !== undefined) return found;
    after = events.at(-1)?.seq ?? after;
  }
  return null;
}

/** The execution is accepted: that the database is away for a moment is nothing to tell its caller. */
function noneWhileAway(error: unknown): StoredEvent[] {
  if (error instanceof MyelinError && error.code === 'store_unavailable') return [];
  throw error;
}

function answerIn(event: StoredEvent): Answer | undefined {
  switch (event.type) {
    case 'response.sent':
      return { response: event.data.response };
    case 'execution.completed':
      return { outcome: { status: 'completed', output: event.data.output } };
    case 'execution.failed':
      return { outcome: { status: 'failed', error: event.data.error } };
    case 'execution.compensated':
      return { outcome: { status: 'compensated', error: event.data.error } };
    case 'execution.compensation_failed':
      return { outcome: { status: 'compensation_failed', error: event.data.error } };
    case 'execution.canceled':
      return { outcome: { status: 'canceled' } };
    default:
      return undefined;
  }
}
