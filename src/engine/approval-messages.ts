/**
 * Tells of approvals by messages, so that a workflow can mail them: `approval.requested`, `.delegated`, `.reminded`,
 * `.escalated` and `.decided`. They leave with the commit that holds what they tell.
 */
import type { CloudEvent } from '../core/cloud-event.ts';
import type { Command, Demand, ExecutionEvent, ExecutionState } from '../core/execution/index.ts';
import { isObject } from '../core/json.ts';
import type { NewMessage } from '../ports/messages.ts';
import type { DecisionLinks } from './links.ts';

/** Something an open approval is about to hear. */
export interface ApprovalHeard {
  readonly waitId: string;
  readonly path: string;
  readonly details: unknown;
  readonly what: 'answer' | 'delegation' | 'reminder' | 'due';
}

/** Looked at before the command is decided; undefined for all that concerns no approval. */
export function approvalHeard(state: ExecutionState, command: Command): ApprovalHeard | undefined {
  if (command.type !== 'answer' && command.type !== 'timer') return undefined;
  const wait = state.waits.get(command.type === 'answer' ? command.waitId : command.timerId);
  if (wait?.reason !== 'approval') return undefined;
  const { scope, node, details, timer } = wait;
  const at = { path: scope.prefix + node.id, details };
  if (command.type === 'timer') {
    return { ...at, waitId: timer?.waitId ?? '', what: timer?.name === 'due' ? 'due' : 'reminder' };
  }
  const isPassedOn = isObject(command.answer) && 'delegate' in command.answer;
  return { ...at, waitId: command.waitId, what: isPassedOn ? 'delegation' : 'answer' };
}

export interface Decided {
  readonly firstSeq: number;
  readonly events: readonly ExecutionEvent[];
  readonly demands: readonly Demand[];
  readonly heard: readonly ApprovalHeard[];
}

interface Told {
  readonly type: 'requested' | 'delegated' | 'reminded' | 'escalated' | 'decided';
  readonly waitId: string;
  readonly path: string;
  readonly details: unknown;
  readonly decision?: unknown;
}

/** Nothing, and no promise, where no approval is concerned, which is nearly always. */
export function approvalMessages(
  state: ExecutionState,
  decided: Decided,
  linksOf: (waitId: string) => Promise<DecisionLinks>,
): Promise<NewMessage[]> | null {
  if (decided.heard.length === 0 && !decided.demands.some(({ kind }) => kind === 'await')) return null;
  const told = toldOf(state, decided);
  if (told.length === 0) return null;
  return Promise.all(
    told.map(async (one, index) => {
      const links = one.type === 'decided' ? null : await linksOf(one.waitId);
      const id = `${state.id}.${decided.firstSeq}.approval.${index}`;
      return { projectId: state.projectId, event: messageOf(state, id, decided.events.at(-1)?.at ?? 0, one, links) };
    }),
  );
}

function toldOf(state: ExecutionState, { events, demands, heard }: Decided): Told[] {
  const asked = demands.filter((demand) => demand.kind === 'await').filter((demand) => demand.as === 'approval');
  const now = new Map(asked.map(({ waitId, details }) => [waitId, details]));
  const known = new Set(heard.map(({ waitId }) => waitId));
  const told: Told[] = asked
    .filter(({ waitId }) => !known.has(waitId))
    .map(({ waitId, path, details }) => ({ type: 'requested', waitId, path, details }));
  for (const [index, { waitId, path, details, what }] of heard.entries()) {
    const one = { waitId, path, details: now.get(waitId) ?? details };
    const isLast = !heard.slice(index + 1).some((later) => later.waitId === waitId);
    const isOpen = !isLast || state.waits.has(waitId);
    if (what === 'reminder') told.push({ type: 'reminded', ...one });
    else if (what === 'delegation') told.push({ type: 'delegated', ...one });
    else if (isOpen && what === 'due') told.push({ type: 'escalated', ...one });
    else told.push({ type: 'decided', ...one, decision: decisionAt(events, path) });
  }
  return told;
}

function decisionAt(events: readonly ExecutionEvent[], path: string): unknown {
  const done = events.findLast((event) => event.type === 'node.completed' && event.data.path === path);
  const output = done?.type === 'node.completed' ? done.data.output : null;
  return isObject(output) ? (output.decision ?? null) : null;
}

function messageOf(
  state: ExecutionState,
  id: string,
  at: number,
  { type, waitId, path, details, decision }: Told,
  links: DecisionLinks | null,
): CloudEvent {
  const { title = null, description = null, assignees = null, due = null } = isObject(details) ? details : {};
  return {
    specversion: '1.0',
    id,
    source: `/workflows/${state.plan.name}/executions/${state.id}`,
    type: `approval.${type}`,
    subject: waitId,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      approval: waitId,
      execution: state.id,
      workflow: state.plan.name,
      path,
      ...{ title, description, assignees },
      due: typeof due === 'number' ? new Date(due).toISOString() : null,
      ...(links !== null && { links }),
      ...(decision !== undefined && { decision }),
    },
    partitionkey: waitId,
    correlationid: state.id,
    causationid: state.id,
    causationdepth: state.depth,
  };
}
