/** What a status from 400 on stands for, and how long the other side asks to be left alone. */
import { type ErrorCode, MyelinError } from './errors.ts';

const DAY_MS = 86_400_000;

type Headers = Readonly<Record<string, string>>;

/** `now` in milliseconds since the epoch, if known. Data: `status`, `retryAfterMs` where the target says it, and `more`. */
export function statusFailure(
  message: string,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  now: number | undefined,
  more: object = {},
): MyelinError {
  const retryAfterMs = retryAfter(headers, now);
  return new MyelinError(codeOf(status), message, {
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...more,
  });
}

function codeOf(status: number): ErrorCode {
  if (status === 408 || status === 425 || status === 429) return 'http_rate_limited';
  return status < 500 ? 'http_client_error' : 'http_server_error';
}

/**
 * Milliseconds that `Retry-After` asks for, in seconds or as a date; at most a day. A date is measured from the
 * answer's own `Date`, so that clocks that differ do not matter, and else from `now`.
 */
function retryAfter(headers: Headers, now: number | undefined): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, DAY_MS);
  if (!/^[A-Za-z]{3}/.test(value)) return undefined;
  const sent = Date.parse(headers.date ?? '');
  const wait = Date.parse(value) - (Number.isNaN(sent) ? (now ?? Number.NaN) : sent);
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), DAY_MS);
}
