/** What the editor gives to the panel that is open. */
import type { NodeTypeAnswer, TriggerTypeAnswer } from '../../../../../src/contract/node-types.ts';
import type { Definition, NodeDefinition, TriggerDefinition } from '../../../graph/document.ts';

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

export interface TriggerPanelProps {
  readonly trigger: TriggerDefinition;
  readonly type: TriggerTypeAnswer | undefined;
  /** Relative to the trigger: `path`. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  readonly onChange: (next: TriggerDefinition) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

/** What a part of the panel of a trigger gets, beside the form. */
export type TriggerPartProps = Pick<TriggerPanelProps, 'trigger' | 'faults'>;
