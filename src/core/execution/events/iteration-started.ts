import type { Choice } from '../../node-type.ts';
import { enter } from '../flow.ts';
import { newScope, nodeState } from '../state.ts';
import { tell } from '../telling.ts';
import type { Apply, EventOf } from './event.ts';
import { locate } from './locate.ts';

export type IterationStarted = EventOf<
  'iteration.started',
  {
    readonly path: string;
    readonly index: number;
    /** Of a directed container. */
    readonly choice?: Choice;
  }
>;

export const apply: Apply<IterationStarted> = (state, { at, data }) => {
  const { path, index, choice } = data;
  const ref = locate(state, path);
  const run = nodeState(ref).run!;
  const branch = run.iteration.branches?.[index];
  const graph = ref.node.bodies![choice?.body ?? branch ?? 'body']!;
  const scope = newScope(`${path}[${branch ?? index}]/`, graph, ref, index);
  state.scopes.set(scope.prefix, scope);
  run.next = index + 1;
  run.active += 1;
  if (choice !== undefined) {
    run.turns[index] = { ...choice, startedAt: at };
    tell(state, ref, { is: 'began', index });
  }
  enter(state, scope);
};
