/** The panel of a trigger: its settings as a form, and of a webhook where and how it is called. */
import { Trash2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import type { JsonSchema } from '../../../components/schema-form.tsx';
import { useRun } from '../editor/last-run.ts';
import { ConfigForm } from './config-form.tsx';
import { DataColumn } from './data-column.tsx';
import { JsonEditor } from './json-editor.tsx';
import { PanelFrame, type PanelTab, RestFaults } from './panel-frame.tsx';
import type { TriggerPanelProps } from './panel-props.ts';
import { type Insert, type PanelScope, ScopeProvider, scopeOfTrigger } from './scope.ts';
import { useDataColumn } from './use-data-column.ts';
import { WebhookCall } from './webhook-call.tsx';

export default function TriggerBody(props: TriggerPanelProps) {
  const { trigger, type, faults, onChange, onRemove, onClose } = props;
  const [tab, setTab] = useState<PanelTab>('config');
  const run = useRun()?.run;
  const insert = useRef<Insert>(undefined);
  const { id, type: name, ...settings } = trigger;
  const scope = useMemo((): PanelScope => {
    // What another trigger was sent says nothing of this one.
    const came = run?.triggerId === id ? run.trigger : undefined;
    return { ...scopeOfTrigger(trigger, came), hasData: came !== undefined, insert };
  }, [trigger, id, run]);
  const [isOpen, toggle] = useDataColumn(scope.hasData);
  const known = new Map(faults.map(({ path, message }) => [path, message]));
  const rest = faults.filter(({ path }) => path === '' || path === 'id' || path === 'type');
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
            {name === 'webhook' && <WebhookCall trigger={trigger} />}
            <ConfigForm
              type={`trigger ${name}`}
              schema={(type?.configSchema ?? {}) as JsonSchema}
              value={settings}
              faults={known}
              onChange={change}
            />
            <RestFaults faults={rest} />
            <Button kind="danger" icon={<Trash2 size={14} />} className="mt-2 self-start" onClick={onRemove}>
              Remove
            </Button>
          </>
        )}
      </PanelFrame>
    </ScopeProvider>
  );
}
