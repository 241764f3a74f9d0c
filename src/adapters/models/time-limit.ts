import { MyelinError } from '../../core/errors.ts';
import type { ModelRequest } from '../../ports/model.ts';
import type { Runtime } from '../../ports/runtime.ts';

/**
 * Runs a call under the caller's signal and, where there is one, a limit of time. Throws `timeout`, or the reason of
 * the caller. Not AbortSignal.any: what that ties to a long-lived signal stays until a garbage collection finds it.
 */
export async function limited<T>(
  call: (signal: AbortSignal) => Promise<T>,
  { signal, model }: Pick<ModelRequest, 'signal' | 'model'>,
  timeoutMs: number | null,
  runtime: Pick<Runtime, 'sleep'>,
): Promise<T> {
  signal.throwIfAborted();
  if (timeoutMs === null) return call(signal);
  const [limit, ended] = [new AbortController(), new AbortController()];
  const onAbort = () => limit.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  void runtime.sleep(timeoutMs, ended.signal).then(() => {
    if (!ended.signal.aborted) {
      limit.abort(new MyelinError('timeout', `${model} did not answer within ${timeoutMs} ms.`));
    }
  });
  try {
    return await call(limit.signal);
  } finally {
    signal.removeEventListener('abort', onAbort);
    ended.abort();
  }
}
