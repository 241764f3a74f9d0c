/** What the keys of the canvas do. */
import type { useReactFlow } from '@xyflow/react';
import type { Keys, Shortcut } from '../../../components/shortcuts.ts';
import { nodesOf, triggerPlace } from '../../../graph/document.ts';
import { cornerOf, type Layout } from '../../../graph/layout.ts';
import type { CanvasViewProps } from './canvas-props.ts';
import { readClip } from './edit/copy.ts';
import type { Spot } from './edit/move.ts';
import { scopeAt, spotAt } from './edit/rehouse.ts';
import { nodeAt, splitPlace } from './edit/scopes.ts';
import { focusNode } from './focus-node.ts';

export interface CanvasContext extends CanvasViewProps {
  readonly flow: ReturnType<typeof useReactFlow>;
  readonly boxes: Layout;
  readonly edgeSelection: readonly string[];
  /** Where the mouse was last on the canvas. */
  readonly pointer: () => Spot | undefined;
}

const STEP = 8;
const STRIDE = 40;
const ARROWS: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export const CANVAS_SHORTCUTS: readonly Shortcut<CanvasContext>[] = [
  { keys: ['a', 'Space'], does: 'Add a node', run: ({ pick }) => pick(undefined) },
  { keys: ['c'], does: 'Connect the chosen node, or part it', run: (context, { target }) => join(context, target) },
  { keys: ['Enter'], does: 'Open what is chosen', run: (context, { target }) => open(context, target) },
  { keys: ['Escape'], does: 'Close the panel', run: ({ open }) => open(undefined) },
  {
    keys: ['Delete', 'Backspace'],
    does: 'Remove what is chosen',
    run: ({ commands, selection, edgeSelection }) => commands.remove(selection, edgeSelection),
  },
  {
    keys: ['Ctrl D'],
    does: 'Duplicate what is chosen',
    run: ({ commands, selection }) => commands.duplicate(selection),
  },
  { keys: ['Ctrl A'], does: 'Choose all nodes', run: chooseAll },
  { keys: ['Tab'], does: 'To the next node, with Shift to the one before', run: walk },
  { keys: Object.keys(ARROWS), does: 'Move what is chosen, with Shift further', run: move },
  {
    keys: ['1'],
    does: 'Show everything',
    run: ({ flow }) => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }),
  },
];

/** Heard by the events of the clipboard: their keys are the browser's own. */
export const CLIPBOARD_SHORTCUTS: readonly (Keys & {
  readonly event: 'copy' | 'cut' | 'paste';
  readonly run: (context: CanvasContext, event: ClipboardEvent) => void;
})[] = [
  { keys: ['Ctrl C'], does: 'Copy what is chosen', event: 'copy', run: copy },
  { keys: ['Ctrl X'], does: 'Cut what is chosen', event: 'cut', run: copy },
  { keys: ['Ctrl V'], does: 'Paste, also from another workflow', event: 'paste', run: paste },
];

function oneOf({ selection }: CanvasContext, target: EventTarget | null): string | undefined {
  if (selection.length === 1) return selection[0];
  const focused = target instanceof HTMLElement ? target.closest('.react-flow__node') : null;
  return focused?.getAttribute('data-id') ?? undefined;
}

function open(context: CanvasContext, target: EventTarget | null): false | undefined {
  const one = oneOf(context, target);
  if (one === undefined) return false;
  context.open(one);
  return undefined;
}

function join(context: CanvasContext, target: EventTarget | null): false | undefined {
  const one = oneOf(context, target);
  if (one === undefined || nodeAt(context.draft.definition, one) === undefined) return false;
  context.join(one);
  return undefined;
}

function chooseAll({ select, draft }: CanvasContext): void {
  select(nodesOf(draft.definition).flatMap(({ place, scope }) => (scope === '' ? [place] : [])));
}

function move({ commands, selection }: CanvasContext, { key, shiftKey }: KeyboardEvent): false | undefined {
  const arrow = ARROWS[key];
  if (arrow === undefined || selection.length === 0) return false;
  const far = shiftKey ? STRIDE : STEP;
  commands.move(selection, { x: arrow.x * far, y: arrow.y * far });
  return undefined;
}

/** In the order of the document; at its end Tab leaves the canvas. */
function walk(context: CanvasContext, { shiftKey, target }: KeyboardEvent): false | undefined {
  if (!(target instanceof HTMLElement)) return false;
  const pane = target.closest('.react-flow')?.getBoundingClientRect();
  if (pane === undefined) return false;
  const { draft, selection, select, boxes, flow } = context;
  const places = [
    ...(draft.definition.triggers ?? []).map(({ id }) => triggerPlace(id)),
    ...nodesOf(draft.definition).map(({ place }) => place),
  ];
  const next = places[places.indexOf(selection.at(-1) ?? '') + (shiftKey ? -1 : 1)];
  if (next === undefined || (shiftKey && selection.length === 0)) return false;
  select([next]);
  const box = boxes.get(next);
  if (box !== undefined) {
    const corner = cornerOf(boxes, next);
    const at = flow.flowToScreenPosition({ x: corner.x, y: corner.y });
    if (at.x < pane.left || at.x > pane.right - 200 || at.y < pane.top || at.y > pane.bottom - 60) {
      void flow.setCenter(corner.x + box.width / 2, corner.y + box.height / 2, { zoom: flow.getZoom() });
    }
  }
  requestAnimationFrame(() => focusNode(next));
  return undefined;
}

const hasText = (): boolean => (window.getSelection()?.toString() ?? '') !== '';

function copy({ commands, selection }: CanvasContext, event: ClipboardEvent): void {
  if (hasText()) return;
  const clip = commands.copy(selection);
  if (clip === undefined || clip.nodes.length === 0) return;
  event.clipboardData?.setData('text/plain', JSON.stringify(clip, null, 2));
  event.preventDefault();
  if (event.type === 'cut') commands.remove(selection, []);
}

function paste({ commands, selection, boxes, draft, pointer, flow }: CanvasContext, event: ClipboardEvent): void {
  const clip = readClip(event.clipboardData?.getData('text/plain') ?? '');
  if (clip === undefined) return;
  event.preventDefault();
  const mouse = pointer();
  const [first] = selection;
  if (mouse === undefined) return commands.paste(clip, first ? splitPlace(first).scope : '', undefined);
  const at = flow.screenToFlowPosition(mouse);
  const scope = scopeAt(draft.definition, boxes, at);
  commands.paste(clip, scope, spotAt(boxes, scope, at));
}
