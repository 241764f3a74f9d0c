/** What is asked for the overview, as the address says. */
import type { Request } from '../../api/call.ts';
import { beginOf, RANGES, type RangeId } from './range.ts';

export const statsRequest = (range: RangeId, now: number, workflow: string | undefined): Request<'getStats'> => ({
  query: { from: beginOf(range, now), step: RANGES[range].step, ...(workflow && { workflow }) },
});

/** Lines of a list. */
export const SHOWN = 5;

export const OPEN_APPROVALS: Request<'listApprovals'> = { query: { status: 'open', limit: SHOWN } };
export const OPEN_LETTERS: Request<'listDeadLetters'> = { query: { status: 'NEW', limit: SHOWN } };

/** Ways to end badly: what was undone had failed before. */
export const FAILED = ['failed', 'compensated', 'compensation_failed'] as const;
export const FAILURES: Request<'listExecutions'> = { query: { status: [...FAILED], limit: 2 * SHOWN } };
