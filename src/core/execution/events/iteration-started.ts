import { enter } from '../flow.ts';
import { newScope, nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate } from './locate.ts';

export type IterationStarted = EventOf<'iteration.started', { readonly path: string; readonly index: number }>;

export const apply: Apply<IterationStarted> = (state, { data }) => {
  const ref = locate(state, data.path);
  const run = nodeState(ref).run!;
  const branch = run.iteration.branches?.[data.index];
  const graph = ref.node.bodies![branch ?? 'body']!;
  const scope = newScope(`${data.path}[${branch ?? data.index}]/`, graph, ref, data.index);
  state.scopes.set(scope.prefix, scope);
  run.next = data.index + 1;
  run.active += 1;
  enter(state, scope);
};
