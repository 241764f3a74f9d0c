import { leave } from '../flow.ts';
import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { dropWait, locate, settleStatus } from './locate.ts';

export type NodeCompleted = EventOf<
  'node.completed',
  {
    readonly path: string;
    readonly port: string;
    readonly output: unknown;
    /** A child that was started and is not waited for. */
    readonly child?: { readonly executionId: string; readonly workflow: string; readonly input: unknown };
  }
>;

export const apply: Apply<NodeCompleted> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  if (node.status === 'running') state.tasks.delete(data.path);
  if (node.status === 'waiting') dropWait(state, ref);
  if (node.startedAt === 0) node.startedAt = at;
  node.status = 'completed';
  node.output = data.output;
  if (data.child) state.due.push({ kind: 'child', path: data.path, wait: false, ...data.child });
  leave(state, ref, data.port);
  settleStatus(state);
};
