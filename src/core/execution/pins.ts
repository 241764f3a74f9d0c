/**
 * An execution that tries a document out may be given the outputs of nodes by their places: they count as done when
 * their turn comes, in a container in each iteration.
 */
import { placeIn } from '../definition/places.ts';
import { type ExecutionState, type NodeRef, pathOf, type Scope } from './state.ts';

/** Reason of a node that was skipped because it is pinned. */
export const PINNED = 'pinned in this test';

export function isPinned({ test }: ExecutionState, ref: NodeRef): boolean {
  return test !== null && Object.hasOwn(test.pins, placeOf(ref));
}

/** What stands for the end of the node. Where nothing follows its main port, it leaves by the first that something follows. */
export function pinnedEnd({ test }: ExecutionState, ref: NodeRef) {
  const { mainPort, out } = ref.node;
  const port = out.some((edge) => edge.port === mainPort) ? mainPort : (out[0]?.port ?? mainPort);
  return { path: pathOf(ref), port, output: test?.pins[placeOf(ref)] ?? null, reason: PINNED };
}

const placeOf = ({ scope, node }: NodeRef): string => placeIn(placeOfScope(scope), node.id);

function placeOfScope({ container, graph }: Scope): string {
  if (container === null) return '';
  // A scope of a container runs one of its bodies.
  const [name] = Object.entries(container.node.bodies!).find(([, body]) => body === graph)!;
  return name === 'body' ? placeOf(container) : `${placeOf(container)}.${name}`;
}
