/** What a node is: its name, what it is for, its config. The editors for expressions come when it opens. */
import { lazy, Suspense } from 'react';
import type { NodeTypeAnswer } from '../../../../../src/contract/node-types.ts';
import { Loading } from '../../../components/loading.tsx';
import type { Definition, NodeDefinition } from '../../../graph/document.ts';

const NodeBody = lazy(() => import('./node-body.tsx'));

export interface NodePanelProps {
  /** The draft as it is now. */
  readonly definition: Definition;
  /** As in graph/document.ts. */
  readonly place: string;
  readonly node: NodeDefinition;
  readonly type: NodeTypeAnswer | undefined;
  /** Relative to the node: `config.condition`. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  /** Undefined: never saved. */
  readonly workflowId: string | undefined;
  readonly onChange: (next: NodeDefinition) => void;
  /** The editor renames edges and compensate references with it. */
  readonly onRename: (id: string) => void;
  readonly onClose: () => void;
}

export const NodePanel = (props: NodePanelProps) => (
  <Suspense fallback={<Loading />}>
    <NodeBody {...props} />
  </Suspense>
);
