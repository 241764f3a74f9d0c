/** What a node is: its name, what it is for, its config. */
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { NodeTypeAnswer } from '../../../../../src/contract/node-types.ts';
import { IconButton } from '../../../components/button.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import type { Definition, NodeDefinition } from '../../../graph/document.ts';
import { iconOf } from '../../../graph/icons.ts';
import { JsonField } from './json-field.tsx';

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

export function NodePanel({ node, type, faults, onChange, onRename, onClose }: NodePanelProps) {
  const Icon = iconOf(node.type);
  const [id, setId] = useState(node.id);
  useEffect(() => setId(node.id), [node.id]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-2 border-line border-b px-4 py-2.5">
        <Icon size={16} className="shrink-0 text-muted" />
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {node.id} <span className="font-normal text-faint">{node.type}</span>
        </h2>
        <IconButton label="Close" keys="Esc" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-4">
        <p className={type ? 'text-muted' : 'text-bad'}>
          {type?.description ?? `This server knows no node type ${node.type}.`}
        </p>
        <Field label="Name">
          {(ids) => (
            <Input
              {...ids}
              value={id}
              onChange={(event) => setId(event.target.value)}
              onBlur={() => id !== node.id && onRename(id)}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
          )}
        </Field>
        <Field label="Description (optional)">
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              value={node.description ?? ''}
              onChange={({ target: { value } }) => {
                const { description: _, ...rest } = node;
                onChange(value === '' ? rest : { ...rest, description: value });
              }}
            />
          )}
        </Field>
        <JsonField
          label="Config"
          value={node.config ?? {}}
          onChange={(config) => onChange({ ...node, config: config as NonNullable<NodeDefinition['config']> })}
        />
        {faults.length > 0 && (
          <ul className="list-disc pl-4 text-bad text-xs">
            {faults.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path && <code className="font-mono">{path} </code>}
                {message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
