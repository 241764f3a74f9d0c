import { MyelinError } from '../errors.ts';

/** Executions that may have started one another, as children or by messages. */
export const DEEPEST = 50;

export function tooDeep(): MyelinError {
  return new MyelinError(
    'limit_exceeded',
    `Workflows have started one another ${DEEPEST} deep; is this an endless loop?`,
  );
}
