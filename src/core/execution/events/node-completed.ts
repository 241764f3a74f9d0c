import { dropWaitsOf } from '../call-off.ts';
import { accountsOf, settle, settlementOf } from '../charge.ts';
import { nodeState } from '../state.ts';
import { tell } from '../telling.ts';
import type { Apply, EventOf } from './event.ts';
import { finish, locate, settleStatus } from './locate.ts';

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
  if (node.status === 'waiting') dropWaitsOf(state, ref, { came: true });
  if (node.startedAt === 0) node.startedAt = at;
  settle(state, ref, (type) => settlementOf(type, data));
  const { path, child, output } = data;
  if (child) state.due.push({ kind: 'child', path, wait: false, accounts: accountsOf(state, ref), ...child });
  tell(state, ref, { is: 'completed', output });
  finish(state, ref, data.port, data.output);
  settleStatus(state);
};
