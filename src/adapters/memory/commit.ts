/**
 * Writes a batch of commits. Everything that can refuse or throw comes before the first write, so that a batch that
 * throws has written nothing, like a transaction that was rolled back.
 */
import { MyelinError } from '../../core/errors.ts';
import { isActive } from '../../core/execution/index.ts';
import type { Shortage } from '../../ports/ledger.ts';
import type { Commit, CommitResult } from '../../ports/store.ts';
import { appendOfCommits } from './append-sessions.ts';
import {
  addMessage,
  addSignal,
  type Database,
  type EventRecord,
  type ExecutionRecord,
  freeSlots,
  keepSignals,
  keyPlace,
  settle,
  takeSlot,
  wake,
} from './database.ts';

import { addFeedEntry } from './feed-entry.ts';

import { takeBackEnd } from './figures.ts';

import { openCalls, settleCalls } from './ledger.ts';
import { addLetter, resolveLetter } from './letters.ts';
import { isStale, writeWaits } from './waits.ts';

interface Write {
  readonly commit: Commit;
  readonly events: readonly EventRecord[];
}

/** `now` in milliseconds decides which keys have expired. Throws `internal` for a gap or clash in a stream. */
export function commit(database: Database, now: number, commits: readonly Commit[]): CommitResult[] {
  const results = judge(database, now, commits);
  const standing = commits.filter((_, index) => results[index]?.result === 'committed');
  const writes = withChildren(standing).map((one) => prepare(database, one));
  for (const one of standing) takeKey(database, one);
  for (const write of writes) writeRow(database, now, write);
  for (const write of writes) writeWakeups(database, write.commit);
  for (const write of writes) writeWaits(database, write.commit);
  for (const write of writes) writeFlow(database, now, write.commit);
  const messages = writes.flatMap((one) => one.commit.messages ?? []);
  for (const message of messages) addMessage(database, now, message);
  if (messages.length > 0) wake(database, 'messages');
  for (const { commit } of writes) writeLetter(database, commit);
  const appends = writes.map(({ commit }) => commit).filter((one) => (one.sessions?.length ?? 0) > 0);
  appendOfCommits(database, appends);
  if (appends.length > 0) wake(database, 'sessions');
  if (writes.some(({ commit }) => isNews(commit))) wake(database);
  if (writes.some(({ commit }) => commit.create?.ticket || commit.frees)) wake(database, 'flow');
  const short = writeCalls(database, now, writes);
  return results.map((one, index) => {
    const refused = short.get(commits[index]?.executionId ?? '');
    return one.result === 'committed' && refused !== undefined ? { ...one, short: refused } : one;
  });
}

/** What was settled makes room for what is new. Answers the calls that were refused, by execution. */
function writeCalls(database: Database, now: number, writes: readonly Write[]): Map<string, Shortage[]> {
  for (const { commit } of writes) settleCalls(database, now, commit);
  const short = writes.map(({ commit }) => [commit.executionId, openCalls(database, now, commit)] as const);
  return new Map(short.filter(([, refused]) => refused.length > 0));
}

function judge(database: Database, now: number, commits: readonly Commit[]): CommitResult[] {
  const takenHere = new Map<string, string>();
  return commits.map(({ executionId, projectId, writer, create, closes, firstSeq }) => {
    if (create === undefined) {
      const execution = database.executions.get(executionId);
      const isOwner = execution?.owner === writer;
      if (isOwner && (firstSeq <= execution.events.length || isStale(database, closes))) return { result: 'stale' };
      return { result: isOwner ? 'committed' : 'refused' };
    }
    if (create.key === undefined) return { result: 'committed' };
    const place = keyPlace(projectId, create.key.key);
    const held = database.keys.get(place);
    const of = takenHere.get(place) ?? (held !== undefined && held.expiresAt >= now ? held.executionId : undefined);
    if (of !== undefined) return { result: 'duplicate', of };
    takenHere.set(place, executionId);
    return { result: 'committed' };
  });
}

function withChildren(commits: readonly Commit[]): Commit[] {
  return commits.flatMap((one) => [one, ...withChildren(one.children)]);
}

function prepare(database: Database, one: Commit): Write {
  const present = database.executions.get(one.executionId);
  const expected = (present?.events.length ?? 0) + 1;
  if ((one.create !== undefined && present !== undefined) || one.firstSeq !== expected) {
    throw new MyelinError(
      'internal',
      `Execution ${one.executionId} has ${expected - 1} events; event ${one.firstSeq} cannot follow.`,
    );
  }
  const events = one.events.map(({ type, at, data }) => ({ type, at, data: JSON.stringify(data) }));
  return { commit: one, events };
}

/** Only those of the batch itself: a child is started by its parent, which cannot come twice. */
function takeKey(database: Database, { executionId, projectId, create }: Commit): void {
  if (create?.key === undefined) return;
  const { key, expiresAt } = create.key;
  database.keys.set(keyPlace(projectId, key), { executionId, expiresAt });
}

function writeRow(database: Database, now: number, { commit, events }: Write): void {
  const { executionId, projectId, firstSeq, status, owner, startedAt } = commit;
  const execution = database.executions.get(executionId) ?? newRecord(commit);
  if (commit.revived === true) {
    takeBackEnd(database, execution);
    execution.ledOnAt = commit.events[0]?.at ?? null;
  }
  const finishedAt = commit.finishedAt ?? (execution.status === status ? execution.finishedAt : null);
  execution.events.push(...events);
  const lastSeq = firstSeq + events.length - 1;
  const entry = { projectId, streamId: executionId, firstSeq, lastSeq, createdAt: now };
  if (addFeedEntry(database, entry)) wake(database, 'feeds');
  const error = commit.error === null ? null : JSON.stringify(commit.error);
  Object.assign(execution, { status, owner, startedAt, finishedAt, error });
  database.executions.set(executionId, execution);
  settle(database, execution);
}

function newRecord(commit: Commit): ExecutionRecord {
  const { executionId, projectId, status, owner, startedAt, finishedAt, create } = commit;
  const { workflowId, version, triggerId, priority, createdAt, parentId } = create as NonNullable<typeof create>;
  const row = { id: executionId, projectId, workflowId, version, triggerId, priority, createdAt, parentId };
  const times = { startedAt, ledOnAt: null, finishedAt };
  return { ...row, events: [], status, held: create?.ticket !== undefined, owner, ...times, error: null };
}

function writeWakeups(database: Database, { executionId, arm, disarm, taken, posts }: Commit): void {
  for (const { timerId, at } of arm) database.timers.set(timerId, { executionId, at });
  for (const timerId of disarm) database.timers.delete(timerId);
  if (taken.length > 0) keepSignals(database, executionId, ({ id }) => !taken.includes(id));
  for (const post of posts) addSignal(database, post.executionId, post.signal);
}

function writeFlow(database: Database, now: number, { executionId, projectId, create, frees, takes }: Commit): void {
  const ticket = create?.ticket;
  if (ticket !== undefined) {
    database.tickets.set(executionId, { projectId, ticket: JSON.stringify(ticket), queuedAt: now, since: now });
  }
  if (frees) freeSlots(database, executionId);
  for (const lane of takes ?? []) takeSlot(database, lane, executionId, null);
}

function writeLetter(database: Database, { executionId, events, letter, revived }: Commit): void {
  if (revived === true) resolveLetter(database, executionId, events.at(-1)?.at ?? 0);
  if (letter !== undefined) addLetter(database, letter);
}

function isNews({ posts, owner, status, create }: Commit): boolean {
  return posts.length > 0 || (owner === null && isActive(status) && create?.ticket === undefined);
}
