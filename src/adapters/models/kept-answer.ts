/** An answer that OpenAI keeps, which may still be in the making. */

/** Those that have an end; `failed` and `cancelled` have none that could be used. */
export const WHOLE: ReadonlySet<unknown> = new Set(['completed', 'incomplete']);
const GOES_ON: ReadonlySet<unknown> = new Set(['queued', 'in_progress']);

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Looks in a row that nobody answered. */
const MOST_FAILURES = 5;

/** Looks again and again until the answer has come to an end; the last look. Throws the reason of the signal. */
export async function whenEnded(
  look: () => Promise<Response>,
  pause: (ms: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Response> {
  let failures = 0;
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    const seen = await look().catch((thrown: unknown) => {
      signal.throwIfAborted();
      if (failures + 1 >= MOST_FAILURES) throw thrown;
      return undefined;
    });
    const isIll = seen === undefined || seen.status >= 500 || seen.status === 429;
    failures = isIll ? failures + 1 : 0;
    if (seen !== undefined && (isIll ? failures >= MOST_FAILURES : !GOES_ON.has(await statusOf(seen)))) return seen;
    await seen?.body?.cancel();
    await pause(ms);
    signal.throwIfAborted();
  }
}

/** Undefined where it says none. The response can be read again. */
export async function statusOf(response: Response): Promise<unknown> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
}
