/** The settings of the workflow as a whole, by the schema that the server publishes. */
import { X } from 'lucide-react';
import { useApi } from '../../../api/query.ts';
import { IconButton } from '../../../components/button.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { type JsonSchema, SchemaForm } from '../../../components/schema-form.tsx';
import type { Definition } from '../../../graph/document.ts';
import type { PlacedFault } from './edit/fault-places.ts';

interface SettingsPanelProps {
  readonly definition: Definition;
  readonly faults: readonly PlacedFault[];
  readonly onChange: (next: Definition) => void;
  readonly onClose: () => void;
}

export default function SettingsPanel({ definition, faults, onChange, onClose }: SettingsPanelProps) {
  const document = useApi('getDefinitionSchema', {}, { staleTime: Number.POSITIVE_INFINITY });
  const parts = (document.data as JsonSchema | undefined)?.properties;
  const { settings, expose, description } = definition;
  const own = new Map(
    faults.flatMap(({ place, path, message }) => (place === undefined ? [[path, message] as const] : [])),
  );
  const put = (next: Partial<Definition>) => {
    const whole = { ...definition, ...next };
    onChange(Object.fromEntries(Object.entries(whole).filter(([, value]) => !isEmpty(value))) as Definition);
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-2 border-line border-b px-4 py-2.5">
        <h2 className="min-w-0 flex-1 truncate font-semibold">Settings of the workflow</h2>
        <IconButton label="Close" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-4">
        <Field label="Description (optional)">
          {(ids) => (
            <TextArea
              {...ids}
              value={description ?? ''}
              onChange={({ target: { value } }) => onSet(value, definition, onChange)}
            />
          )}
        </Field>
        {document.error && <ProblemNote error={document.error} retry={() => void document.refetch()} />}
        {document.isPending && <Loading />}
        {parts?.settings && parts.expose && (
          <>
            <SchemaForm
              schema={parts.settings}
              value={settings ?? {}}
              faults={within(own, 'settings')}
              onChange={(next) => put({ settings: next as Definition['settings'] })}
            />
            <SchemaForm
              schema={parts.expose}
              value={expose ?? {}}
              faults={within(own, 'expose')}
              onChange={(next) => put({ expose: next as Definition['expose'] })}
            />
          </>
        )}
      </div>
    </div>
  );
}

function onSet(text: string, definition: Definition, onChange: (next: Definition) => void): void {
  const { name, description: _, ...rest } = definition;
  onChange(text === '' ? { name, ...rest } : { name, description: text, ...rest });
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const within = (faults: ReadonlyMap<string, string>, part: string): ReadonlyMap<string, string> =>
  new Map(
    [...faults].flatMap(([path, message]) =>
      path.startsWith(`${part}.`) ? [[path.slice(part.length + 1), message]] : [],
    ),
  );
