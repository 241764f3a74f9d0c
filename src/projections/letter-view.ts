/** Dead letters as the API shows them. */
import type { Letter, LetterGroup, LetterRow } from '../ports/dead-letters.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function letterSummary({ projectId: _, ...row }: LetterRow) {
  return {
    ...row,
    retryAt: isoOrNull(row.retryAt),
    reviewedAt: isoOrNull(row.reviewedAt),
    createdAt: iso(row.createdAt),
    failedAt: iso(row.failedAt),
    updatedAt: iso(row.updatedAt),
  };
}

export function letterView(letter: Letter) {
  return { ...letterSummary(letter), originalEvent: letter.originalEvent };
}

export function letterGroup({ open, firstSeen, lastSeen, sample, ...group }: LetterGroup) {
  const times = { firstSeen: iso(firstSeen), lastSeen: iso(lastSeen) };
  return { ...group, new: open, workflowName: sample.workflowName, ...times, sample: letterSummary(sample) };
}
