/** Dead letters in memory. */
import { DEFAULT_RULES, type RetryRule, retryAt } from '../../core/retry-rule.ts';
import type { Letter, LetterFilter, LetterGroup, LetterQuery, LetterRow } from '../../ports/dead-letters.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Store } from '../../ports/store.ts';
import { commit } from './commit.ts';
import { addMessage, addSignal, type Database, type LetterRecord, wake } from './database.ts';
import { rulePlace } from './letters.ts';

export function deadLetterStore(database: Database, runtime: Pick<Runtime, 'now'>): Store['deadLetters'] {
  return {
    list: async (query) => list(database, query),
    count: async (filter, limit) => Math.min(limit, filtered(database, filter).length),
    get: async (projectId, id) => {
      const letter = find(database, projectId, id);
      return letter === undefined ? undefined : toLetter(database, letter);
    },
    groups: async (filter, limit) => groups(database, filter, limit),
    requeue: async ({ projectId, ids, reason, now }) => {
      const won = ids
        .flatMap((id) => find(database, projectId, id) ?? [])
        .filter((one) => isOpen(one) && isFailed(database, one));
      for (const one of won) retry(database, one, reason, now);
      if (won.length > 0) wake(database);
      return won.map(({ letter }) => letter.id);
    },
    requeueAs: async ({ projectId, id, commit: create, now }) => {
      const found = find(database, projectId, id);
      if (found === undefined || !isOpen(found)) return false;
      commit(database, runtime.now(), [create]);
      mark(found, now);
      found.retriedAs = create.executionId;
      return true;
    },
    requeueMessage: async ({ projectId, id, event, now }) => {
      const found = find(database, projectId, id);
      if (found === undefined || !isOpen(found)) return false;
      mark(found, now);
      addMessage(database, runtime.now(), { projectId, event });
      wake(database, 'messages');
      return true;
    },
    requeueDue: async (now, limit) => requeueDue(database, now, limit),
    review: async ({ projectId, id, by, notes, now }) => {
      const found = find(database, projectId, id);
      if (found === undefined || !isOpen(found)) return false;
      const note = { reviewedBy: by, reviewedAt: now, notes: notes ?? found.notes };
      Object.assign(found, { status: 'REVIEWED', retryAt: null, updatedAt: now, ...note });
      return true;
    },
    archive: async ({ projectId, ids, by, notes, now }) => {
      const found = ids.flatMap((id) => find(database, projectId, id) ?? []).filter((one) => one.status !== 'ARCHIVED');
      for (const one of found) {
        const { reviewedBy, reviewedAt } = one;
        const note = { reviewedBy: by ?? reviewedBy, reviewedAt: reviewedAt ?? now, notes: notes ?? one.notes };
        Object.assign(one, { status: 'ARCHIVED', retryAt: null, updatedAt: now, ...note });
      }
      return found.map(({ letter }) => letter.id);
    },
    rules: async (projectId) =>
      DEFAULT_RULES.flatMap(({ category }) => database.letterRules.get(rulePlace(projectId, category)) ?? []),
    setRule: async (projectId, rule) => setRule(database, projectId, rule),
    countNew: async () => [...database.letters.values()].filter(({ status }) => status === 'NEW').length,
  };
}

function find(database: Database, projectId: string, id: string): LetterRecord | undefined {
  const found = database.letters.get(id);
  return found?.letter.projectId === projectId ? found : undefined;
}

const isOpen = ({ status }: LetterRecord): boolean => status === 'NEW' || status === 'REVIEWED';

/** Its execution is there, and has not been led on by other ways. */
function isFailed(database: Database, { letter }: LetterRecord): boolean {
  const { status } = database.executions.get(letter.executionId ?? '') ?? {};
  return status === 'failed' || status === 'compensation_failed';
}

function retry(database: Database, record: LetterRecord, reason: string, now: number): void {
  mark(record, now);
  addSignal(database, record.letter.executionId as string, { type: 'retry', reason });
}

function mark(record: LetterRecord, now: number): void {
  Object.assign(record, { status: 'RETRIED', retries: record.retries + 1, retryAt: null, updatedAt: now });
}

/** Those whose execution is gone or goes on wait for a person; no rule looks at them again. */
function requeueDue(database: Database, now: number, limit: number): { requeued: number; nextAt: number | null } {
  const waiting = [...database.letters.values()]
    .filter(({ status, retryAt }) => status === 'NEW' && retryAt !== null)
    .sort((a, b) => Number(a.retryAt) - Number(b.retryAt));
  const due = waiting.filter((one) => Number(one.retryAt) <= now).slice(0, Math.max(limit, 0));
  const failed = due.filter((one) => isFailed(database, one));
  for (const one of due) one.retryAt = null;
  for (const one of failed) retry(database, one, 'retried by rule', now);
  if (failed.length > 0) wake(database);
  return { requeued: failed.length, nextAt: waiting[due.length]?.retryAt ?? null };
}

function setRule(database: Database, projectId: string, rule: RetryRule): void {
  database.letterRules.set(rulePlace(projectId, rule.category), rule);
  for (const record of database.letters.values()) {
    const { letter, status, failedAt, retries } = record;
    const isMeant = letter.projectId === projectId && letter.category === rule.category && status === 'NEW';
    if (isMeant && letter.automatic) record.retryAt = retryAt(rule, failedAt, retries);
  }
}

function list(database: Database, query: LetterQuery): LetterRow[] {
  const { after, limit } = query;
  const follows = ({ letter, failedAt }: LetterRecord) =>
    after === undefined || failedAt < after.failedAt || (failedAt === after.failedAt && letter.id < after.id);
  const found = filtered(database, query).filter(follows).slice(0, limit);
  return found.map((one) => toRow(database, one));
}

/** The latest failure first. */
function filtered(database: Database, filter: LetterFilter): LetterRecord[] {
  const { projectId, status, category, workflowId, fingerprint, from, to } = filter;
  const found = [...database.letters.values()].filter(
    ({ letter, status: is, failedAt }) =>
      letter.projectId === projectId &&
      (status === undefined || is === status) &&
      (category === undefined || letter.category === category) &&
      (workflowId === undefined || letter.workflowId === workflowId) &&
      (fingerprint === undefined || letter.fingerprint === fingerprint) &&
      (from === undefined || failedAt >= from) &&
      (to === undefined || failedAt < to),
  );
  return found.sort((a, b) => b.failedAt - a.failedAt || (a.letter.id < b.letter.id ? 1 : -1));
}

function groups(database: Database, filter: LetterFilter, limit: number): LetterGroup[] {
  const byCause = Map.groupBy(filtered(database, filter), ({ letter }) =>
    JSON.stringify([letter.workflowId, letter.fingerprint]),
  );
  const found = [...byCause.values()].map((letters): LetterGroup => {
    const [latest] = letters as [LetterRecord];
    return {
      workflowId: latest.letter.workflowId,
      fingerprint: latest.letter.fingerprint,
      count: letters.length,
      open: letters.filter(({ status }) => status === 'NEW').length,
      reviewed: letters.filter(({ status }) => status === 'REVIEWED').length,
      firstSeen: Math.min(...letters.map(({ createdAt }) => createdAt)),
      lastSeen: latest.failedAt,
      sample: toRow(database, latest),
    };
  });
  return found.sort((a, b) => b.count - a.count || b.lastSeen - a.lastSeen).slice(0, limit);
}

function toLetter(database: Database, record: LetterRecord): Letter {
  return { ...toRow(database, record), originalEvent: JSON.parse(record.originalEvent) };
}

function toRow(database: Database, { letter, originalEvent: _, error, ...rest }: LetterRecord): LetterRow {
  const workflowName = database.workflows.get(letter.workflowId ?? '')?.name ?? null;
  return { ...letter, ...rest, error: JSON.parse(error), workflowName };
}
