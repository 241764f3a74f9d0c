/** What a trigger is: its name and its settings. */
import { Trash2, X } from 'lucide-react';
import type { TriggerTypeAnswer } from '../../../../../src/contract/node-types.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import type { TriggerDefinition } from '../../../graph/document.ts';
import { iconOf } from '../../../graph/icons.ts';
import { JsonField } from './json-field.tsx';

export interface TriggerPanelProps {
  readonly trigger: TriggerDefinition;
  readonly type: TriggerTypeAnswer | undefined;
  /** Relative to the trigger: `path`. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  readonly onChange: (next: TriggerDefinition) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

export function TriggerPanel({ trigger, type, faults, onChange, onRemove, onClose }: TriggerPanelProps) {
  const Icon = iconOf(trigger.type);
  const { id, type: name, ...settings } = trigger;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-2 border-line border-b px-4 py-2.5">
        <Icon size={16} className="shrink-0 text-muted" />
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {id} <span className="font-normal text-faint">{name}</span>
        </h2>
        <IconButton label="Close" keys="Esc" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-4">
        <p className={type ? 'text-muted' : 'text-bad'}>
          {type?.description ?? `This server knows no trigger type ${name}.`}
        </p>
        <Field label="Name">
          {(ids) => (
            <Input {...ids} value={id} onChange={(event) => onChange({ ...trigger, id: event.target.value })} />
          )}
        </Field>
        <JsonField label="Settings" value={settings} onChange={(next) => onChange({ ...next, id, type: name })} />
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
        <Button kind="danger" icon={<Trash2 size={14} />} className="self-start" onClick={onRemove}>
          Remove
        </Button>
      </div>
    </div>
  );
}
