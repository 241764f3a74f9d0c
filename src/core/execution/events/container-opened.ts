import type { Iteration } from '../../node-type.ts';
import { nodeState } from '../state.ts';
import { tell } from '../telling.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

export type ContainerOpened = EventOf<'container.opened', { readonly path: string; readonly iteration: Iteration }>;

export const apply: Apply<ContainerOpened> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  node.status = 'running';
  node.startedAt = at;
  node.run = { iteration: data.iteration, results: [], next: 0, active: 0, error: null, turns: [], forgiven: 0 };
  tell(state, ref, { is: 'opened' });
  state.ready.push(ref);
  settleStatus(state);
};
