import { MyelinError } from '../core/errors.ts';

/** The database does not answer: no fault of what was asked, which is asked again. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof MyelinError && error.code === 'store_unavailable';
}
