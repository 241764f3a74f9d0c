/** How much there is to read of a run, told before it is read. */
import type { Execution } from '../../../../../src/contract/executions.ts';
import { arrowsOf, type Definition, placeOfAddress } from '../../../graph/document.ts';
import { graphAt, splitPlace } from './edit/scopes.ts';

/** Outputs of a run that is read at once, in bytes. */
const WHOLE_BYTES = 256 * 1024;
const WHOLE_NODES = 500;
/** Input and output of a node that are read unasked, in bytes. */
export const LARGE_BYTES = 1024 * 1024;

export function isSmall({ nodes, triggerBytes = 0 }: Execution): boolean {
  const bytes = nodes.reduce((sum, { outputBytes = 0 }) => sum + outputBytes, triggerBytes);
  return nodes.length <= WHOLE_NODES && bytes <= WHOLE_BYTES;
}

/** Of the input and output of a node, as far as sizes tell. */
export function bytesOf(definition: Definition, run: Execution, path: string): number {
  const sizes = new Map(run.nodes.map((node) => [node.path, node.outputBytes ?? 0]));
  const inputOf = (address: string): number => {
    const cut = address.lastIndexOf('/');
    const { scope, id } = splitPlace(placeOfAddress(definition, address) ?? '');
    const before = arrowsOf(graphAt(definition, scope) ?? { nodes: [] }).filter(({ to }) => to === id);
    if (before.length > 0) {
      return before.reduce((sum, { from }) => sum + (sizes.get(address.slice(0, cut + 1) + from) ?? 0), 0);
    }
    return cut < 0 ? (run.triggerBytes ?? 0) : inputOf(address.slice(0, cut).replace(/\[[^[\]]*\]$/, ''));
  };
  return (sizes.get(path) ?? 0) + inputOf(path);
}
