/** The panel of a node: its config as a form, how it is run, and its JSON; beside it the data of the last run. */
import { useMemo, useRef, useState } from 'react';
import type { JsonSchema } from '../../../components/schema-form.tsx';
import { ConfigForm } from './config-form.tsx';
import { formSchemaOf } from './config-schema.ts';
import { DataColumn } from './data-column.tsx';
import { JsonEditor } from './json-editor.tsx';
import { PanelFrame, type PanelTab, RestFaults } from './panel-frame.tsx';
import type { NodePanelProps } from './panel-props.ts';
import { type Insert, type PanelScope, ScopeProvider, scopeOfNode } from './scope.ts';
import { SettingsForm } from './settings-form.tsx';
import { useDataColumn } from './use-data-column.ts';
import { useSample } from './use-sample.ts';
import { within } from './within.ts';

/** Another node is opened at the view that was looked at. */
let lastTab: PanelTab = 'config';

export default function NodeBody(props: NodePanelProps) {
  const { definition, place, node, type, faults, workflowId, onChange, onRename, onClose } = props;
  const [tab, setTab] = useState<PanelTab>(lastTab);
  const sample = useSample(definition, place, workflowId);
  const [isOpen, toggle] = useDataColumn(sample.hasData);
  const insert = useRef<Insert>(undefined);
  const scope = useMemo(
    (): PanelScope => ({ ...scopeOfNode(definition, place, type, sample.env), hasData: sample.hasData, insert }),
    [definition, place, type, sample],
  );
  const schema = useMemo(() => type && formSchemaOf(type), [type]);
  const config = within(faults, 'config');
  const settings = new Map(faults.flatMap(({ path, message }) => (isConfig(path) ? [] : [[path, message] as const])));
  const choose = (next: PanelTab) => {
    lastTab = next;
    setTab(next);
  };
  const tabs = [
    { id: 'config', label: <Marked has={config.size > 0}>Config</Marked> },
    { id: 'settings', label: <Marked has={settings.size > 0}>Settings</Marked> },
    { id: 'json', label: 'JSON' },
  ] as const;
  return (
    <ScopeProvider value={scope}>
      <PanelFrame
        id={node.id}
        type={node.type}
        description={tab === 'config' ? type?.description : undefined}
        rename={onRename}
        close={onClose}
        tab={tab}
        tabs={tabs}
        choose={choose}
        data={{ isOpen, toggle, column: <DataColumn sample={sample} /> }}
        bare={tab === 'json'}
      >
        {tab === 'config' && (
          <>
            {type === undefined && <p className="text-bad">This server knows no node type {node.type}.</p>}
            {schema ? (
              <ConfigForm
                type={node.type}
                schema={schema}
                value={node.config ?? {}}
                faults={config}
                onChange={(next) => onChange({ ...node, config: next as NonNullable<typeof node.config> })}
              />
            ) : (
              <JsonEditor
                label="Config"
                value={node.config ?? {}}
                onChange={(next) => onChange({ ...node, config: (next ?? {}) as NonNullable<typeof node.config> })}
              />
            )}
          </>
        )}
        {tab === 'settings' && <SettingsForm {...{ definition, place, node, type, onChange }} faults={settings} />}
        {tab === 'json' && (
          <JsonEditor
            label="The node as JSON"
            fill
            value={node}
            refuse={(next) => refusal(next, node.id)}
            onChange={(next) => onChange(next as typeof node)}
          />
        )}
        {tab === 'config' && <RestFaults faults={faults.filter(({ path }) => hasNoField(path, schema))} />}
      </PanelFrame>
    </ScopeProvider>
  );
}

/** Such as a key that the type does not know. */
function hasNoField(path: string, schema: JsonSchema | undefined): boolean {
  if (path === '' || path === 'type' || path === 'config') return path !== 'config';
  const name = /^config\.([^.[]+)/.exec(path)?.[1];
  if (name === undefined || schema === undefined) return false;
  return ![schema, ...(schema.anyOf ?? [])].some(({ properties }) => properties !== undefined && name in properties);
}

const isConfig = (path: string): boolean => /^(?:config(?:[.[]|$)|type$|$)/.test(path);

/** Edges and references know a node by its id: it is renamed above, where they follow. */
function refusal(next: unknown, own: string): string | undefined {
  const { id, type } = (next ?? {}) as { readonly id?: unknown; readonly type?: unknown };
  if (typeof type !== 'string') return 'A node is an object with an id and a type.';
  return id === own ? undefined : `The id stays ${own} here; change the name above, and edges follow.`;
}

const Marked = ({ has, children }: { readonly has: boolean; readonly children: string }) => (
  <span className="inline-flex items-center gap-1.5">
    {children}
    {has && <span role="img" aria-label="has faults" className="size-1.5 rounded-full bg-bad" />}
  </span>
);
