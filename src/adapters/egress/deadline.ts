/**
 * One signal out of a time limit and a caller's signal, which also knows which of the two it was. Not
 * AbortSignal.any: what that ties to a long-lived signal stays until a garbage collection finds it.
 */

export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts; never resolves. */
  readonly passed: Promise<never>;
  readonly timeoutMs: number | undefined;
  /** Who aborted, if anyone. */
  readonly cause: 'time' | 'caller' | undefined;
  /** A request that may have an effect has gone out. */
  isOut: boolean;
  /** Frees the timer and lets go of the caller's signal. */
  end(): void;
}

/** Timers of Node take no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** Aborts after `timeoutMs` (undefined: never), or with the caller's signal and its reason. */
export function createDeadline(timeoutMs: number | undefined, caller: AbortSignal | null | undefined): Deadline {
  const controller = new AbortController();
  const passed = Promise.withResolvers<never>();
  passed.promise.catch(() => {});
  let cause: Deadline['cause'];
  const abort = (by: 'time' | 'caller', reason?: unknown): void => {
    cause ??= by;
    controller.abort(reason);
    passed.reject(controller.signal.reason);
  };
  const onCaller = (): void => abort('caller', caller?.reason);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => abort('time'), Math.min(timeoutMs, LONGEST_MS));
  caller?.addEventListener('abort', onCaller, { once: true });
  if (caller?.aborted) onCaller();
  return {
    signal: controller.signal,
    passed: passed.promise,
    timeoutMs,
    isOut: false,
    get cause() {
      return cause;
    },
    end() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onCaller);
    },
  };
}
