/** From a decision to its commit: everything that it writes, gathered from the rooms that have a part in it. */
import { MyelinError } from '../core/errors.ts';
import {
  type Demand,
  type ExecutionEvent,
  type ExecutionState,
  envelope,
  hasEnded,
  hasMore,
  hasUnsure,
  type Outcome,
} from '../core/execution/index.ts';
import type { NewMessage } from '../ports/messages.ts';
import type { Commit, NewExecution, NewSignal } from '../ports/store.ts';
import { type ApprovalHeard, approvalMessages } from './approval-messages.ts';
import { letterOf } from './letter.ts';
import type { DecisionLinks } from './links.ts';
import { sessionsOf } from './session-appends.ts';

/** What a commit needs from the worker. */
export interface CommitNeeds {
  /** Who writes. */
  readonly id: string;
  /** The commit that creates a child, or the signal that there can be none. */
  child(parent: ExecutionState, demand: Extract<Demand, { kind: 'child' }>): Promise<Commit | NewSignal>;
  /** The commits of executions that start with the end of this one; null: none, as nearly always. */
  followUps(ended: ExecutionState): Promise<Commit[]> | null;
  /** A new UUIDv7. */
  newId(): string;
  /** By which whoever has them decides an approval. */
  decisionLinks(projectId: string, waitId: string): Promise<DecisionLinks>;
}

export interface Decision {
  /** After the events. */
  readonly state: ExecutionState;
  readonly firstSeq: number;
  readonly events: readonly ExecutionEvent[];
  /** Ids of signals. */
  readonly taken: readonly string[];
  readonly heard: readonly ApprovalHeard[];
  readonly demands: readonly Demand[];
  /** Before the events. */
  readonly hadEnded: boolean;
  /** It can leave memory. */
  readonly rests: boolean;
  readonly startedAt: number | null;
  readonly create: NewExecution | undefined;
  /** What the commit before wrote; absent: it is not known. */
  readonly before?: Row | undefined;
}

export async function commitOf(needs: CommitNeeds, decision: Decision): Promise<Commit> {
  const { state, firstSeq, events, taken, demands, hadEnded, rests, startedAt, create, before } = decision;
  const ended = hasEnded(state.status);
  // One that had ended and was not led on has nothing new to tell.
  const endedAt = ended ? events.at(-1)?.at : undefined;
  const { children, posts } = await relatives(needs, state, demands, endedAt !== undefined);
  const messages = await messagesOf(needs, decision);
  const left = endedAt === undefined ? null : letterOf(state, endedAt);
  if (left !== null) messages.push(...left.messages);
  const row = {
    // With something left to do it is not at rest: after a crash, only the queue would find it.
    status: state.status === 'waiting' && hasMore(state) ? 'running' : state.status,
    owner: ended || rests ? null : needs.id,
    startedAt,
    finishedAt: endedAt ?? null,
    error: ended && state.status !== 'canceled' ? (state.failure?.error ?? null) : null,
  };
  return {
    executionId: state.id,
    projectId: state.projectId,
    workflowId: state.plan.workflowId,
    writer: needs.id,
    ...(create === undefined ? {} : { create }),
    firstSeq,
    events,
    ...row,
    ...(before !== undefined && !ended && isSame(row, before) && { unmoved: true }),
    arm: demands.filter((demand) => demand.kind === 'arm'),
    disarm: demands.filter((demand) => demand.kind === 'disarm').map((demand) => demand.timerId),
    taken,
    posts,
    children,
    ...(messages.length === 0 ? {} : { messages }),
    ...(left === null ? {} : { letter: left.letter }),
    ...(hadEnded && events.length > 0 ? { revived: true } : {}),
    ...questionsOf(demands),
    ...slotsOf(state, hadEnded, ended),
    ...moneyOf(demands),
    ...sessionsOf(state, demands, needs),
  };
}

/** Of an execution. */
export type Row = Pick<Commit, 'status' | 'owner' | 'startedAt' | 'finishedAt'>;

/** While it has not ended it has no error. */
const isSame = (row: Row, { status, owner, startedAt, finishedAt }: Row): boolean =>
  row.status === status && row.owner === owner && row.startedAt === startedAt && finishedAt === null;

/** Executions that begin with this commit, and what others hear of it. */
async function relatives(
  needs: CommitNeeds,
  state: ExecutionState,
  demands: readonly Demand[],
  ends: boolean,
): Promise<{ children: Commit[]; posts: NewSignal[] }> {
  const children: Commit[] = [];
  const posts: NewSignal[] = [];
  for (const demand of demands) {
    if (demand.kind === 'child') {
      const child = await needs.child(state, demand);
      if ('signal' in child) posts.push(child);
      else children.push(child);
    }
    if (demand.kind === 'cancel-child') posts.push(cancelChild(state, demand));
  }
  const followUps = ends ? needs.followUps(state) : null;
  if (followUps !== null) children.push(...(await followUps));
  if (ends && state.parent !== null) posts.push(childEnded(state, state.parent.executionId));
  return { children, posts };
}

/** Those of `emit` nodes, and those that tell of approvals. */
async function messagesOf(needs: CommitNeeds, decision: Decision): Promise<NewMessage[]> {
  const { state, demands } = decision;
  const messages: NewMessage[] = [];
  for (const demand of demands) {
    if (demand.kind === 'message') messages.push({ projectId: state.projectId, event: envelope(state, demand) });
  }
  const told = approvalMessages(state, decision, (waitId) => needs.decisionLinks(state.projectId, waitId));
  if (told !== null) messages.push(...(await told));
  return messages;
}

/** Nothing where nobody outside is asked, which is nearly always. */
function questionsOf(demands: readonly Demand[]): Pick<Commit, 'opens' | 'closes'> {
  const opens = demands.filter((demand) => demand.kind === 'await');
  const closes = demands.filter((demand) => demand.kind === 'close-wait');
  return {
    ...(opens.length > 0 && {
      opens: opens.map(({ as: kind, waitId, path, details }) => ({ waitId, path, kind, details })),
    }),
    ...(closes.length > 0 && { closes: closes.map(({ waitId, expired }) => ({ waitId, expired })) }),
  };
}

/** Nothing where nothing is paid. */
function moneyOf(demands: readonly Demand[]): Pick<Commit, 'calls' | 'settles'> {
  const calls = demands.filter((demand) => demand.kind === 'charge');
  const settles = demands.filter((demand) => demand.kind === 'settle');
  return {
    ...(calls.length > 0 && {
      calls: calls.map(({ path, attempt, charge, first }) => ({ path, attempt, ...charge, ...(first && { first }) })),
    }),
    ...(settles.length > 0 && { settles: settles.map(({ kind: _, ...settled }) => settled) }),
  };
}

/** Of a workflow without flow control nothing, but of a trigger that keeps its starts in order. */
function slotsOf({ plan, holds }: ExecutionState, hadEnded: boolean, ended: boolean): Pick<Commit, 'frees' | 'takes'> {
  if ((plan.flow === null && holds.length === 0) || hadEnded === ended) return {};
  return ended ? { frees: true } : { takes: holds };
}

function cancelChild(state: ExecutionState, child: Extract<Demand, { kind: 'cancel-child' }>): NewSignal {
  const { executionId, compensate } = child;
  const reason = `The parent execution ${state.id} has ended.`;
  return { executionId, projectId: state.projectId, signal: { type: 'cancel', reason, compensate } };
}

function childEnded(state: ExecutionState, parentId: string): NewSignal {
  const signal = { type: 'child-ended', executionId: state.id, outcome: told(state) } as const;
  return { executionId: parentId, projectId: state.projectId, signal };
}

/** As its parent hears it: also where it was canceled, an effect may have happened. */
function told(state: ExecutionState): Outcome {
  const outcome = outcomeOf(state);
  if (outcome.status !== 'canceled' || !hasUnsure(state)) return outcome;
  return { ...outcome, error: new MyelinError('canceled', 'it was canceled', { unsure: true }).toInfo() };
}

/** How an execution that has ended ended. */
export function outcomeOf(state: ExecutionState): Outcome {
  if (state.status === 'completed') return { status: 'completed', output: state.output };
  const status = hasEnded(state.status) ? state.status : 'failed';
  return status === 'canceled' || state.failure === null ? { status } : { status, error: state.failure.error };
}
