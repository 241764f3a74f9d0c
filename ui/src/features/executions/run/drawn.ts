/** From a place in the drawing to the address of a node in the execution, and back. */
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { type GraphDefinition, placeOfAddress } from '../../../graph/document.ts';
import { containerOf } from './address.ts';

type Seen = Pick<ExecutionNode, 'path' | 'status'>;

/** Of the nodes at one place in the drawing, the address to show: the one that needs eyes, else the last. */
export function addressAt(definition: GraphDefinition, nodes: readonly Seen[], place: string): string | undefined {
  const same = nodes.filter(({ path }) => placeOfAddress(definition, path) === place);
  const grave = same.find(({ status }) => status === 'failed') ?? same.find(({ status }) => status === 'running');
  return (grave ?? same.find(({ status }) => status === 'waiting') ?? same.at(-1))?.path;
}

/** Is this node one of an agent's own calls, which the document does not draw? It belongs to the container around. */
export function drawnPlace(definition: GraphDefinition, path: string): string | undefined {
  for (let at: string | null = path; at !== null; at = containerOf(at)) {
    const place = placeOfAddress(definition, at);
    if (place !== undefined) return place;
  }
  return undefined;
}
