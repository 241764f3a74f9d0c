/** An execution as it changes: the events say when to look again, the server says what there is to see. */
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded } from '../core/execution/status.ts';
import { ApiError, type Client, type Execution } from '../sdk/index.ts';
import { EXIT } from './exit.ts';

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks at least; default 100. */
  readonly interval?: number;
}

/** As long as the client follows events without a connection. */
const PATIENCE_MS = 60_000;

/** The present state, then each new one, the last of them ended. Throws `ApiError`. */
export async function* follow(client: Client, id: string, options: FollowOptions = {}): AsyncGenerator<Execution> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  let [isNew, isOver] = [true, false];
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  const read = async () => {
    for await (const _event of client.executions.events(id, { signal })) {
      isNew = true;
      wake();
    }
  };
  const reading = read()
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      isOver = true;
      wake();
    });
  try {
    let lost: number | undefined;
    for (let wasOver = false, isFirst = true; !wasOver; ) {
      if (!isNew && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      if (failure !== undefined) throw failure.error;
      wasOver = isOver;
      isNew = false;
      try {
        yield await client.executions.get(id, { signal });
        [isFirst, lost] = [false, undefined];
      } catch (error) {
        // A server that restarts between an event and the look at it; the first look tells at once.
        lost ??= Date.now();
        if (isFirst || !(error instanceof ApiError && error.isTransient) || Date.now() - lost > PATIENCE_MS)
          throw error;
        [isNew, wasOver] = [true, false];
      }
      if (isNew || !isOver) await sleep(options.interval ?? 100);
    }
  } finally {
    stop.abort();
    await reading;
  }
}

/** The exit code that an execution's end stands for. */
export function exitOfStatus(status: Execution['status']): number {
  if (status === 'canceled') return EXIT.canceled;
  return hasEnded(status) && status !== 'completed' ? EXIT.failed : EXIT.ok;
}
