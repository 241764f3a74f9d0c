import { isTask } from '../../node-type.ts';
import type { Reservation } from '../reservation.ts';
import { nodeState, pathOf } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** An attempt of a task begins; it runs when this event is durable. */
export type NodeStarted = EventOf<
  'node.started',
  {
    readonly path: string;
    readonly attempt: number;
    /** Ask first what became of the attempt before, which a crash cut off. */
    readonly reconcile?: boolean;
    /** It is paid: what it may cost at most is reserved. An attempt that is asked after keeps the one before. */
    readonly charge?: Reservation;
  }
>;

export const apply: Apply<NodeStarted> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  if (node.status === 'running') {
    node.crashes += 1;
    node.attemptsBefore += 1;
  }
  node.status = 'running';
  node.attempt = data.attempt;
  node.doubtful = data.reconcile === true;
  if (node.startedAt === 0) node.startedAt = at;
  if (node.roundAt === 0) node.roundAt = at;
  state.tasks.set(pathOf(ref), ref);
  // Given up before, it is settled already, unless by an older version; the books keep the first end that they hear.
  if (data.reconcile && isTask(ref.node.type) && ref.node.type.charge !== undefined) node.charged = true;
  if (data.charge !== undefined) {
    node.charged = true;
    const { path, attempt, charge } = data;
    state.due.push({ kind: 'charge', path, attempt, charge, first: attempt === 1 && node.round === 1 });
  }
  state.due.push({ kind: 'task', path: data.path, attempt: data.attempt, reconcile: data.reconcile ?? false });
  settleStatus(state);
};
