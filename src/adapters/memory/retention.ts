import { blobOf } from '../../core/brokers/decode.ts';
import type { Definition } from '../../core/definition/schema.ts';
import type { Sweep } from '../../core/retention.ts';
import type { RetainedWorkflow, RetentionStore } from '../../ports/retention.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { type Database, type ExecutionRecord, type LetterRecord, toSignal } from './database.ts';
import { remove } from './executions.ts';

const SILENT_MS = 60_000;

export function retentionStore(database: Database, runtime: Pick<Runtime, 'now'>): RetentionStore {
  return {
    begin: async (everyMs) => begin(database, runtime.now(), everyMs),
    progress: async (removed, finished) => {
      const pass = database.retentionPass;
      const now = runtime.now();
      if (pass !== null) Object.assign(pass, { heardAt: now, removed, finishedAt: finished ? now : null });
    },
    lastPass: async () => {
      if (database.retentionPass === null) return undefined;
      const { heardAt: _, ...pass } = database.retentionPass;
      return pass;
    },
    workflows: async (projectId) => workflows(database).filter((one) => (projectId ?? one.projectId) === one.projectId),
    count: async (of, sweep, limit) => swept(database, of, sweep).slice(0, limit).length,
    remove: async (of, sweep, after, limit) => {
      const found = swept(database, of, sweep).filter(({ id }) => after === null || id > after);
      const taken = found.slice(0, limit);
      for (const { projectId, id } of taken) remove(database, runtime.now(), projectId, id);
      return { removed: taken.length, next: taken.length < limit ? null : (taken.at(-1)?.id ?? null) };
    },
    removeLetters: async (before, limit) => removeLetters(database, before, limit),
    removeFiles: async (before, limit) => removeFiles(database, before, limit),
    dropMonths: async () => [],
  };
}

function begin(database: Database, now: number, everyMs: number): boolean {
  const pass = database.retentionPass;
  const isFree = pass === null || pass.finishedAt !== null || pass.heardAt < now - SILENT_MS;
  if (!isFree || (pass !== null && pass.startedAt > now - everyMs)) return false;
  database.retentionPass = { startedAt: now, heardAt: now, finishedAt: null, removed: 0 };
  return true;
}

function workflows(database: Database): RetainedWorkflow[] {
  return [...database.versions].map(([place, versions]) => {
    const [projectId = '', workflowId = ''] = place.split(' ');
    const name = database.workflows.get(workflowId)?.name ?? null;
    const present = versions.findLast((one) => one.version > 0);
    const { settings }: Definition = JSON.parse(present?.definition ?? '{}');
    return { projectId, workflowId, name, settings: (name === null ? null : settings?.retention) ?? null };
  });
}

/** Oldest first. */
function swept(database: Database, of: RetainedWorkflow, sweep: Sweep): ExecutionRecord[] {
  const { endedBefore, newest } = sweep;
  const ended = [...database.executions.values()]
    .filter((one) => one.projectId === of.projectId && one.workflowId === of.workflowId && one.status === sweep.status)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const surplus = newest === null ? 0 : ended.length - newest;
  return ended.filter(
    (one, index) =>
      (index < surplus || hasEndedBefore(one, endedBefore)) &&
      one.owner === null &&
      !isCalled(database, one) &&
      !hasOpenLetter(database, one),
  );
}

function hasEndedBefore({ finishedAt }: ExecutionRecord, time: number | null): boolean {
  return time !== null && finishedAt !== null && finishedAt < time;
}

function hasOpenLetter(database: Database, { id }: ExecutionRecord): boolean {
  const status = database.letters.get(id)?.status;
  return status === 'NEW' || status === 'REVIEWED';
}

/** Somebody is about to lead it on. */
function isCalled(database: Database, { id }: ExecutionRecord): boolean {
  const called = ['retry', 'skip', 'cancel'];
  return (database.signals.get(id) ?? []).some((one) => called.includes(toSignal(id, one).signal.type));
}

function removeLetters({ letters, executions }: Database, before: number, limit: number): number {
  const isOver = ({ letter, status, retriedAs, updatedAt }: LetterRecord) =>
    (status === 'RETRIED' || status === 'ARCHIVED') &&
    updatedAt < before &&
    ![letter.executionId, retriedAs].some((id) => id !== null && executions.has(id));
  const gone = [...letters].filter(([, one]) => isOver(one)).slice(0, limit);
  for (const [id] of gone) letters.delete(id);
  return gone.length;
}

function removeFiles({ letters, files }: Database, before: number, limit: number): number {
  const place = ({ letter, originalEvent }: LetterRecord) =>
    `${letter.projectId} ${blobOf(JSON.parse(originalEvent))?.hash}`;
  const held = new Set([...letters.values()].map(place));
  const gone = [...files].filter(([at, one]) => !one.isUpload && one.usedAt < before && !held.has(at)).slice(0, limit);
  for (const [at] of gone) files.delete(at);
  return gone.length;
}
