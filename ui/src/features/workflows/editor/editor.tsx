/** The workflow editor: one document, shown as a canvas, as YAML and as TypeScript. */

import { useNavigate } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { useApi } from '../../../api/query.ts';
import { later } from '../../../components/early.tsx';
import { SpotMenu } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { Badge, Status } from '../../../components/status.tsx';
import { keep, readKept } from '../../../components/storage.ts';
import { Tabs } from '../../../components/tabs.tsx';
import type { Definition } from '../../../graph/document.ts';
import { runMarks } from '../../../graph/run-marks.ts';
import { CanvasTools } from './canvas-tools.tsx';
import { CanvasView } from './canvas-view.tsx';
import { useCatalog } from './catalog.ts';
import { commandsOf } from './commands.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { take, unreadOf, useDraft } from './draft.ts';
import type { Where } from './edit/add.ts';
import type { PlacedFault } from './edit/fault-places.ts';
import type { Spot } from './edit/move.ts';
import { renamed } from './edit/new-node.ts';
import { useEditorKeys, useLeaveGuard } from './editor-keys.ts';
import { FaultDrawer } from './fault-drawer.tsx';
import { focusNode } from './focus-node.ts';
import { HeaderActions } from './header-actions.tsx';
import { RunProvider, type Test } from './last-run.ts';
import { nodeActions } from './node-actions.ts';
import { NodeList } from './node-list.tsx';
import { Notices } from './notices.tsx';
import { Picker } from './picker.tsx';
import { usePins } from './pins.ts';
import { RenameHeading } from './rename-heading.tsx';
import { RunDialog } from './run-dialog.tsx';
import { type Asked, inputDraft, useRuns } from './runs.ts';
import { useSaving } from './saving.ts';
import { SETTINGS, SidePanel } from './side-panel.tsx';
import { checkMarks, useValidation } from './validation.ts';
import { webhookUrls } from './webhook-urls.ts';

const YamlView = later(() => import('./yaml-view.tsx'));
const TypeScriptView = later(() => import('./typescript-view.tsx'));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx'));

type View = 'canvas' | 'yaml' | 'typescript';
const VIEWS: readonly { readonly id: View; readonly label: string }[] = [
  { id: 'canvas', label: 'Canvas' },
  { id: 'yaml', label: 'YAML' },
  { id: 'typescript', label: 'TypeScript' },
];

const NO_FAULTS: readonly PlacedFault[] = [];

export interface EditorSearch {
  readonly view?: string | undefined;
  readonly node?: string | undefined;
}

interface EditorProps {
  /** Undefined: never saved. */
  readonly workflow: WorkflowAnswer | undefined;
  /** What a new one begins as. */
  readonly start: Definition;
  readonly search: EditorSearch;
  readonly onSearch: (next: EditorSearch) => void;
}

const DOCK = 'myelin.editor.dock';
/** Its width, as its class has it. */
const DOCK_PX = 240;
const WIDE = 1740;

const titleOf = (asked: Asked, name: string): string =>
  asked.kind === 'run' ? `Run ${name}` : asked.until === undefined ? 'Test the draft' : `Test ${asked.until}`;

export function Editor(props: EditorProps) {
  return (
    <ReactFlowProvider>
      <Whole {...props} />
    </ReactFlowProvider>
  );
}

function Whole({ workflow, start, search, onSearch }: EditorProps) {
  const navigate = useNavigate();
  const go = (to: string) => void navigate({ to });
  const draft = useDraft(workflow?.id ?? 'new', workflow, start);
  const { definition } = draft;
  const isBehind = workflow !== undefined && draft.version !== undefined && workflow.version > draft.version;
  // Who changed nothing sees what is new; who did is told, and chooses.
  useEffect(() => {
    if (isBehind && !draft.dirty) take(workflow.id, workflow);
  }, [isBehind, draft.dirty, workflow]);
  const catalog = useCatalog();
  const view: View = search.view === 'yaml' || search.view === 'typescript' ? search.view : 'canvas';
  const [selection, setSelection] = useState<readonly string[]>(search.node ? [search.node] : []);
  const [where, setWhere] = useState<{ readonly where: Where | undefined }>();
  const [menu, setMenu] = useState<{ readonly place: string; readonly at: Spot }>();
  /** What the picker added: it stands to the right of the rest, where nobody might see it. */
  const [fresh, setFresh] = useState<string>();
  const [joined, join] = useState<string>();
  const [hasShortcuts, listShortcuts] = useState(false);
  const [hasDock, setDock] = useState(() => readKept(DOCK) !== 'closed');
  const saving = useSaving(draft, ({ id }) => {
    pins.moveTo(id);
    runs.moveTo(id);
    void navigate({ to: '/workflows/$id', params: { id }, search, replace: true });
  });
  const pins = usePins(draft.key);
  const runs = useRuns(draft, workflow, saving, pins);
  const checked = useValidation(definition);
  const faults = checked?.faults ?? NO_FAULTS;
  const open = (place: string | undefined) => {
    setFresh(undefined);
    if (place !== undefined && place !== SETTINGS) setSelection([place]);
    if (place !== search.node) onSearch({ ...search, node: place });
  };
  const commands = commandsOf(draft, selection, setSelection);
  const adding = commandsOf(draft, selection, (places) => {
    setSelection(places);
    setFresh(places[0]);
  });
  const pick = useCallback((next: Where | undefined) => setWhere({ where: next }), []);
  const marks = useMemo(() => {
    const all = new Map(runs.run && runMarks(definition, runs.run));
    for (const place of Object.keys(pins.pins)) all.set(place, { ...all.get(place), note: 'pinned' });
    for (const [place, mark] of checked ? checkMarks(checked, workflow === undefined) : [])
      all.set(place, { ...all.get(place), ...mark });
    return all;
  }, [definition, runs.run, checked, pins.pins, workflow === undefined]);
  const triggers = useApi('listTriggers', { params: { id: workflow?.id ?? '' } }, { enabled: workflow !== undefined });
  const urls = useMemo(() => webhookUrls(definition, triggers.data?.items ?? []), [definition, triggers.data]);
  const list = () => listShortcuts(true);
  useEditorKeys({ save: () => void saving.save(), undo: draft.undo, redo: draft.redo, list });
  useLeaveGuard(draft.dirty);
  // There is room for both only in a wide window.
  const showsDock = hasDock && (search.node === undefined || innerWidth >= WIDE);
  const toggleDock = () => {
    keep(DOCK, hasDock ? 'closed' : 'open');
    setDock(!hasDock);
  };
  const test: Test = (until, alone) => runs.ask({ kind: 'test', ...(until && { until }), ...(alone && { alone }) });
  const tabs = (
    <Tabs<View>
      label="View of the workflow"
      tabs={VIEWS}
      value={view}
      onChange={(next) => onSearch({ ...search, view: next === 'canvas' ? undefined : next })}
    />
  );
  return (
    <Page
      title={definition.name}
      heading={
        <RenameHeading
          name={definition.name}
          rename={(name) => draft.edit(renamed(definition, name, workflow === undefined))}
        />
      }
      mark={
        <>
          {workflow ? <Status status={workflow.status} /> : <Badge>new</Badge>}
          {workflow && <span className="text-faint">v{draft.version}</span>}
          {draft.dirty && <Badge tone="warn">unsaved</Badge>}
        </>
      }
      actions={
        <>
          {tabs}
          <HeaderActions
            draft={draft}
            workflow={workflow}
            saving={saving}
            run={() => runs.ask({ kind: 'run' })}
            test={() => test()}
            tidy={commands.tidy}
            settings={() => open(SETTINGS)}
            shortcuts={list}
            go={go}
          />
        </>
      }
      full
    >
      <RunProvider value={{ run: runs.run, pins, test }}>
        <div className="flex h-full min-h-0 flex-col">
          <Notices {...{ draft, workflow, saving, view }} show={(next) => onSearch({ ...search, view: next })} />
          <div className="flex min-h-0 flex-1">
            {view === 'canvas' && (
              <>
                {showsDock && (
                  <aside aria-label="Node types" className="w-60 shrink-0 border-line border-r bg-panel max-md:hidden">
                    <NodeList groups={catalog.groups} choose={commands.append} />
                  </aside>
                )}
                <div className="relative min-w-0 flex-1">
                  <CanvasView
                    {...{ draft, commands, catalog, marks, urls, selection, open, pick, join }}
                    opened={search.node ?? fresh}
                    shift={showsDock ? DOCK_PX : 0}
                    select={setSelection}
                    menu={(place, at) => {
                      setSelection([place]);
                      setMenu({ place, at });
                    }}
                  />
                  <CanvasTools {...{ draft, toggleDock, go }} hasDock={showsDock} tidy={commands.tidy} run={runs.run} />
                  {definition.nodes.length === 0 && (
                    <p className="pointer-events-none absolute inset-x-0 top-1/3 text-center text-muted">
                      Drag a node here, or press <kbd className="rounded-sm border border-line bg-raised px-1">a</kbd>{' '}
                      to search for one.
                    </p>
                  )}
                </div>
              </>
            )}
            {view !== 'canvas' && (
              <div className="min-w-0 flex-1">
                {view === 'yaml' ? <YamlView draft={draft} /> : <TypeScriptView draft={draft} />}
              </div>
            )}
            {search.node !== undefined && (
              <SidePanel
                place={search.node}
                {...{ draft, catalog, commands, faults, open }}
                workflowId={workflow?.id}
                renamed={pins.rename}
              />
            )}
          </div>
          {(workflow !== undefined || definition.nodes.length > 0) && (
            <FaultDrawer checked={checked} go={open} unread={unreadOf(draft.texts)} />
          )}
        </div>
      </RunProvider>
      {where && (
        <Picker
          catalog={catalog}
          nodesOnly={where.where !== undefined}
          close={() => setWhere(undefined)}
          choose={(entry) => (where.where ? adding.add(entry, where.where) : adding.append(entry))}
        />
      )}
      {hasShortcuts && (
        <Suspense fallback={null}>
          <ShortcutsDialog close={() => listShortcuts(false)} />
        </Suspense>
      )}
      {joined !== undefined && (
        <ConnectDialog place={joined} {...{ definition, commands }} close={() => join(undefined)} />
      )}
      {menu && (
        <SpotMenu
          at={menu.at}
          close={() => setMenu(undefined)}
          refocus={() => focusNode(menu.place)}
          items={nodeActions({ place: menu.place, definition, commands, open, pick, join, pins, run: runs.run, test })}
        />
      )}
      {runs.asked && (
        <RunDialog
          title={titleOf(runs.asked, definition.name)}
          note={runs.note}
          verb={runs.asked.kind === 'test' ? 'Test' : draft.dirty || !workflow ? 'Save and run' : 'Run'}
          draft={inputDraft(draft.key)}
          definition={definition}
          last={runs.last}
          busy={runs.busy}
          error={runs.problem}
          run={(input) => void runs.start(input)}
          close={() => runs.ask(undefined)}
        />
      )}
      {saving.conflict && (
        <ConflictDialog
          theirs={saving.conflict}
          mine={definition}
          from={draft.version}
          overwrite={saving.overwrite}
          takeTheirs={saving.takeTheirs}
          close={saving.keepEditing}
        />
      )}
    </Page>
  );
}
