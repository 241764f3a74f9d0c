/** Errors of the driver in the words of the error table. */
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';

/** Codes of sockets, and of PostgreSQL classes 08 (connection), 53 (resources), 57P (shutdown), and of a connection that PostgreSQL ended since we were silent. */
const UNAVAILABLE = /^(E[A-Z]+|08\w{3}|53\w{3}|57P\w{2}|57014|25006|25P03)$/;
/** What the driver says without a code. */
const DRIVER =
  /^(Connection terminated|timeout exceeded|Client has encountered|Client was closed|Query read timeout|timeout expired)/;

/** True where the database cannot be reached or cannot write now; another try later may succeed. */
export function isUnavailable(error: unknown): boolean {
  if (!isObject(error)) return false;
  if (typeof error.code === 'string') return UNAVAILABLE.test(error.code);
  return typeof error.message === 'string' && DRIVER.test(error.message);
}

/** True where another transaction got in the way; the same transaction may succeed at once. */
export function isConflict(error: unknown): boolean {
  return isObject(error) && (error.code === '40001' || error.code === '40P01');
}

/** True where an earlier statement of the transaction failed, and this one was only refused for that. */
export function isAfterFault(error: unknown): boolean {
  return isObject(error) && error.code === '25P02';
}

/** True where a statement divided by zero: what must hold for its transaction to stand does not. */
export function isRefusal(error: unknown): boolean {
  return isObject(error) && error.code === '22012';
}

/** The constraint that an insert broke, if it broke a unique one. */
export function brokenUnique(error: unknown): string | undefined {
  return isObject(error) && error.code === '23505' ? String(error.constraint) : undefined;
}

/** Runs one operation; connection failures become `store_unavailable`. */
export async function guarded<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const code = isObject(error) ? String(error.code ?? error.message) : '';
    throw new MyelinError('store_unavailable', `PostgreSQL does not answer (${code}).`, undefined, error);
  }
}
