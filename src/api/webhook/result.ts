/**
 * Waits for how an execution answers. This process hears of those it owns; of any other the history is read now and
 * then: the execution may have been queued, or moved to another process while it waited.
 */
import type { Answer } from '../../engine/outcomes.ts';
import type { StoredEvent } from '../../ports/store.ts';
import type { ApiDeps } from '../deps.ts';

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
export async function answerOf(
  deps: Deps,
  { projectId, executionId, heard, until, over }: Awaited,
): Promise<Answer | null> {
  const { store, engine, runtime } = deps;
  let after = 0;
  const stop = new AbortController();
  const isHeard = heard?.finally(() => stop.abort(ENOUGH));
  over.addEventListener('abort', () => stop.abort(ENOUGH), { once: true });
  while (!over.aborted && runtime.now() < until) {
    const pause = runtime.sleep(Math.min(LOOK_MS, until - runtime.now()), stop.signal).then(() => undefined);
    const answer = await (isHeard === undefined ? pause : Promise.race([isHeard, pause]));
    if (answer) return answer;
    if (isHeard !== undefined && engine.worker?.has(executionId)) continue;
    const events = await store.executions.events(projectId, executionId, after, PAGE);
    const found = events.map(answerIn).find((one) => one !== undefined);
    if (found !== undefined) return found;
    after = events.at(-1)?.seq ?? after;
  }
  return null;
}

function answerIn(event: StoredEvent): Answer | undefined {
  switch (event.type) {
    case 'response.sent':
      return { response: event.data.response };
    case 'execution.completed':
      return { outcome: { status: 'completed', output: event.data.output } };
    case 'execution.failed':
      return { outcome: { status: 'failed', error: event.data.error } };
    case 'execution.canceled':
      return { outcome: { status: 'canceled' } };
    default:
      return undefined;
  }
}
