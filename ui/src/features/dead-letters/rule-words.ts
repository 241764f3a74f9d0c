/** What a rule does, as a sentence; what is wrong with a delay. */
import { formatDuration, parseDuration } from '../../../../src/core/duration.ts';
import { LONGEST_RETRY_MS } from '../../../../src/core/retry-rule.ts';

/** Tries that are told one by one. */
const TOLD = 5;

export function faultOfDelay(text: string): string | undefined {
  try {
    const ms = parseDuration(text);
    return ms < 1_000 || ms > LONGEST_RETRY_MS ? 'From 1s to 7d' : undefined;
  } catch {
    return 'Write it like 90s, 15m, 2h or 1h30m';
  }
}

interface Rule {
  readonly enabled: boolean;
  readonly delay: string;
  readonly limit: number;
}

export function inWords({ enabled, delay, limit }: Rule): string {
  if (!enabled || limit === 0) return 'It waits for a person.';
  const first = parseDuration(delay);
  const times = Array.from({ length: Math.min(limit, TOLD) }, (_, tries) =>
    formatDuration(Math.min(first * 2 ** tries, LONGEST_RETRY_MS)),
  );
  const list = limit > TOLD ? `${times.join(', ')} and so on` : joined(times);
  return `Tried again ${list} after each failure${limit === 1 ? '' : `, ${limit} times at most`}; then it waits for a person.`;
}

function joined(times: readonly string[]): string {
  return times.length < 2 ? times.join('') : `${times.slice(0, -1).join(', ')} and ${times.at(-1)}`;
}
