/** At the right: the panel of the node or trigger that is open, or the settings of the workflow. */

import { later } from '../../../components/early.tsx';
import { triggerIdOf, triggerPlace } from '../../../graph/document.ts';
import { NodePanel } from '../panel/node-panel.tsx';
import { TriggerPanel } from '../panel/trigger-panel.tsx';
import type { Catalog } from './catalog.ts';
import { type Commands, changeNode } from './commands.ts';
import type { DraftHandle } from './draft.ts';
import { removeTrigger } from './edit/add.ts';
import type { PlacedFault } from './edit/fault-places.ts';
import { nodeAt } from './edit/scopes.ts';
import { focusNode } from './focus-node.ts';
import { NodeRun } from './node-run.tsx';

const SettingsPanel = later(() => import('./settings-panel.tsx'));

export const SETTINGS = '$settings';

interface SidePanelProps {
  readonly place: string;
  readonly draft: DraftHandle;
  readonly catalog: Catalog;
  readonly commands: Commands;
  readonly faults: readonly PlacedFault[];
  readonly workflowId: string | undefined;
  readonly open: (place: string | undefined) => void;
  readonly renamed: (from: string, to: string) => void;
}

export function SidePanel(props: SidePanelProps) {
  const content = contentOf(props);
  if (content === null) return null;
  return (
    <aside
      aria-label="Details"
      className="flex w-100 shrink-0 flex-col border-line border-l bg-panel min-[1500px]:has-data-beside:w-168 max-md:fixed max-md:inset-0 max-md:z-30 max-md:w-full"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        props.open(undefined);
        focusNode(props.place);
      }}
    >
      <div className="min-h-0 flex-1">{content}</div>
      {triggerIdOf(props.place) === undefined && props.place !== SETTINGS && (
        <NodeRun key={props.place} definition={props.draft.definition} place={props.place} />
      )}
    </aside>
  );
}

function contentOf({ place, draft, catalog, commands, faults, workflowId, open, renamed }: SidePanelProps) {
  const { definition } = draft;
  const close = () => open(undefined);
  if (place === SETTINGS) {
    return (
      <SettingsPanel
        definition={definition}
        faults={faults}
        onChange={(next) => draft.edit(next, 'settings')}
        onClose={close}
      />
    );
  }
  const own = faults.filter((fault) => fault.place === place);
  const triggerId = triggerIdOf(place);
  if (triggerId !== undefined) {
    const trigger = definition.triggers?.find(({ id }) => id === triggerId);
    if (trigger === undefined) return null;
    return (
      <TriggerPanel
        trigger={trigger}
        type={catalog.triggerTypes.get(trigger.type)}
        faults={own}
        onChange={(next) => {
          const triggers = (definition.triggers ?? []).map((one) => (one === trigger ? next : one));
          draft.edit({ ...definition, triggers }, `trigger ${triggerId}`);
          if (next.id !== triggerId) open(triggerPlace(next.id));
        }}
        onRemove={() => {
          draft.edit(removeTrigger(definition, triggerId));
          close();
        }}
        onClose={close}
      />
    );
  }
  const node = nodeAt(definition, place);
  if (node === undefined) return null;
  return (
    <NodePanel
      key={place}
      definition={definition}
      place={place}
      node={node}
      type={catalog.nodeTypes.get(node.type)}
      faults={own}
      workflowId={workflowId}
      onChange={(next) => draft.change((now) => changeNode(now, place, next), `node ${place}`)}
      onRename={(id) => {
        const next = commands.rename(place, id);
        if (next === undefined) return;
        renamed(place, next);
        open(next);
      }}
      onClose={close}
    />
  );
}
