/** The read models of sessions, as pure functions from events to rows; a store writes what they say. */
import type { SessionFolds } from '../ports/sessions.ts';
import { dayCounts } from './session-days.ts';
import { summarize } from './session-summary.ts';
import { timelineRow } from './session-timeline.ts';

export const SESSION_FOLDS: SessionFolds = {
  summary: (row, events) => events.reduce(summarize, row),
  timeline: timelineRow,
  days: dayCounts,
};
