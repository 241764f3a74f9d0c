/** Whether a paid call that failed did certainly cost nothing: it never reached who is paid, or was refused unread. */
import type { ErrorInfo } from './errors.ts';
import { isObject } from './json.ts';

/** After these nothing was sent, or the provider has refused. */
const FREE: ReadonlySet<string> = new Set([
  ...['budget_exceeded', 'circuit_open', 'rate_limited', 'model_not_found', 'model_key_missing', 'model_refused'],
  ...['context_too_long', 'config_invalid', 'expression_failed', 'secret_missing', 'egress_denied', 'blob_not_found'],
]);

/** Gateways say so too when they have waited in vain for an answer that was being made. */
const LATE: ReadonlySet<number> = new Set([408, 499]);

export function isFree({ code, data }: ErrorInfo): boolean {
  if (FREE.has(code)) return true;
  if (!isObject(data)) return false;
  const { status, reached } = data;
  // A 5xx may be a gateway's, whose model had its answer ready.
  return reached === false || (typeof status === 'number' && status >= 400 && status < 500 && !LATE.has(status));
}
