/**
 * A request that went out and has no answer that can be read: nobody knows what it did. Whoever sends says so in the
 * data of the error; without that, nothing was sent, or the target has refused.
 */
import { type ErrorInfo, MyelinError } from './errors.ts';
import { isObject } from './json.ts';

/** Data of such an error. */
export const SENT = { sent: true } as const;

/** A gateway that has lost what is behind it. */
const CUT: readonly unknown[] = [502, 504];

export const isLost = ({ data }: Pick<ErrorInfo, 'data'>): boolean =>
  isObject(data) && (data.sent === true || CUT.includes(data.status));

/** The same error, of a request that had gone out. */
export function asLost(error: MyelinError): MyelinError {
  const data = isObject(error.data) ? { ...error.data, ...SENT } : SENT;
  return new MyelinError(error.code, error.message, data, error.cause ?? error);
}
