/** The panel of a trigger: its settings as a form, and around it what its type has to say of them. */
import { Trash2 } from 'lucide-react';
import { type ComponentType, useMemo, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import type { JsonSchema } from '../../../components/schema-form.tsx';
import { useRun } from '../editor/last-run.ts';
import { useTrigger } from '../editor/run-values.ts';
import { ConfigForm } from './config-form.tsx';
import { DataColumn } from './data-column.tsx';
import { JsonEditor } from './json-editor.tsx';
import { PanelFrame, type PanelTab, RestFaults } from './panel-frame.tsx';
import type { TriggerPanelProps, TriggerPartProps } from './panel-props.ts';
import { ScheduleTimes } from './schedule-times.tsx';
import { type Insert, type PanelScope, ScopeProvider, scopeOfTrigger } from './scope.ts';
import { useDataColumn } from './use-data-column.ts';
import { WebhookCall } from './webhook-call.tsx';

/** What a type says above its form, and below it. A new type that does: a line here. */
const ABOVE: Readonly<Record<string, ComponentType<TriggerPartProps>>> = { webhook: WebhookCall };
const BELOW: Readonly<Record<string, ComponentType<TriggerPartProps>>> = { schedule: ScheduleTimes };

export default function TriggerBody(props: TriggerPanelProps) {
  const { trigger, type, faults, onChange, onRemove, onClose } = props;
  const [tab, setTab] = useState<PanelTab>('config');
  const run = useRun()?.run;
  const value = useTrigger(run, run?.triggerId === trigger.id);
  const insert = useRef<Insert>(undefined);
  const { id, type: name, ...settings } = trigger;
  const scope = useMemo((): PanelScope => {
    // What another trigger was sent says nothing of this one.
    const came = run?.triggerId === id ? value : undefined;
    return { ...scopeOfTrigger(trigger, came), hasData: came !== undefined, insert };
  }, [trigger, id, run, value]);
  const [isOpen, toggle] = useDataColumn(scope.hasData);
  const known = new Map(faults.map(({ path, message }) => [path, message]));
  const rest = faults.filter(({ path }) => path === '' || path === 'id' || path === 'type');
  const [Above, Below] = [ABOVE[name], BELOW[name]];
  const change = (next: unknown) => onChange({ ...((next ?? {}) as object), id, type: name });
  return (
    <ScopeProvider value={scope}>
      <PanelFrame
        id={id}
        type={name}
        description={type?.description}
        rename={(next) => onChange({ ...trigger, id: next })}
        close={onClose}
        tab={tab}
        tabs={[
          { id: 'config', label: 'Config' },
          { id: 'json', label: 'JSON' },
        ]}
        choose={setTab}
        {...(scope.hasData && { data: { isOpen, toggle, column: <DataColumn sample={undefined} /> } })}
        bare={tab === 'json'}
      >
        {tab === 'json' ? (
          <JsonEditor label="The trigger as JSON" fill value={settings} onChange={change} />
        ) : (
          <>
            {type === undefined && <p className="text-bad">This server knows no trigger type {name}.</p>}
            {Above && <Above key={`above ${id}`} trigger={trigger} faults={faults} />}
            <ConfigForm
              type={`trigger ${name}`}
              schema={(type?.configSchema ?? {}) as JsonSchema}
              value={settings}
              faults={known}
              onChange={change}
            />
            <RestFaults faults={rest} />
            {Below && <Below key={`below ${id}`} trigger={trigger} faults={faults} />}
            <Button kind="danger" icon={<Trash2 size={14} />} className="mt-2 shrink-0 self-start" onClick={onRemove}>
              Remove
            </Button>
          </>
        )}
      </PanelFrame>
    </ScopeProvider>
  );
}
