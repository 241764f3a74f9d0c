/** The keys of the canvas. They sleep while one types, or while something stands over the page. */
import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { goChord } from '../../../components/chord.ts';
import { nodesOf, triggerPlace } from '../../../graph/document.ts';
import { cornerOf, type Layout } from '../../../graph/layout.ts';
import type { CanvasViewProps } from './canvas-props.ts';
import { readClip } from './edit/copy.ts';
import type { Spot } from './edit/move.ts';
import { scopeAt, spotAt } from './edit/rehouse.ts';
import { nodeAt, splitPlace } from './edit/scopes.ts';
import { focusNode } from './focus-node.ts';

interface CanvasKeys extends CanvasViewProps {
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

export function useCanvasKeys(given: CanvasKeys): void {
  const flow = useReactFlow();
  const latest = useRef(given);
  latest.current = given;
  useEffect(() => {
    const chord = goChord();
    const press = (event: KeyboardEvent) => {
      if (isElsewhere(event.target)) return;
      const { commands, selection, edgeSelection, select, open, pick, join, draft } = latest.current;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const done = () => event.preventDefault();
      if (command && key === 'a') {
        done();
        return select(nodesOf(draft.definition).flatMap(({ place, scope }) => (scope === '' ? [place] : [])));
      }
      if (command && key === 'd') {
        done();
        return commands.duplicate(selection);
      }
      if (command || event.altKey) return;
      if (chord(event)) return;
      const onControl = event.target instanceof HTMLElement && event.target.closest('button, a, [role="tab"]') !== null;
      if (key === 'a' || (key === ' ' && !onControl)) {
        done();
        return pick(undefined);
      }
      if (onControl && key !== 'Escape' && key !== 'Delete') return;
      if (key === 'Delete' || key === 'Backspace') {
        done();
        return commands.remove(selection, edgeSelection);
      }
      if (key === 'Escape') return open(undefined);
      const focused = event.target instanceof HTMLElement ? event.target.closest('.react-flow__node') : null;
      const one = selection.length === 1 ? selection[0] : focused?.getAttribute('data-id');
      if (key === 'Enter' && one) {
        done();
        return open(one);
      }
      if (key === 'c' && one && nodeAt(draft.definition, one)) {
        done();
        return join(one);
      }
      const arrow = ARROWS[key];
      if (arrow !== undefined && selection.length > 0) {
        done();
        const far = event.shiftKey ? STRIDE : STEP;
        return commands.move(selection, { x: arrow.x * far, y: arrow.y * far });
      }
      if (key === 'Tab' && walk(event.shiftKey ? -1 : 1, event.target)) done();
      if (key === '1') void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 });
    };
    /** To the next node in the order of the document; at its end Tab leaves the canvas. */
    const walk = (by: number, target: EventTarget | null): boolean => {
      if (!(target instanceof HTMLElement) || target.closest('.react-flow') === null) return false;
      const { draft, selection, select, boxes } = latest.current;
      const places = [
        ...(draft.definition.triggers ?? []).map(({ id }) => triggerPlace(id)),
        ...nodesOf(draft.definition).map(({ place }) => place),
      ];
      const next = places[places.indexOf(selection.at(-1) ?? '') + by];
      if (next === undefined || (by < 0 && selection.length === 0)) return false;
      select([next]);
      const box = boxes.get(next);
      if (box !== undefined) {
        const corner = cornerOf(boxes, next);
        const at = flow.flowToScreenPosition({ x: corner.x, y: corner.y });
        const pane = target.closest('.react-flow')?.getBoundingClientRect();
        if (pane && (at.x < pane.left || at.x > pane.right - 200 || at.y < pane.top || at.y > pane.bottom - 60)) {
          void flow.setCenter(corner.x + box.width / 2, corner.y + box.height / 2, { zoom: flow.getZoom() });
        }
      }
      requestAnimationFrame(() => focusNode(next));
      return true;
    };
    const copy = (event: ClipboardEvent) => {
      const { commands, selection } = latest.current;
      if (isElsewhere(event.target) || hasText()) return;
      const clip = commands.copy(selection);
      if (clip === undefined || clip.nodes.length === 0) return;
      event.clipboardData?.setData('text/plain', JSON.stringify(clip, null, 2));
      event.preventDefault();
      if (event.type === 'cut') commands.remove(selection, []);
    };
    const paste = (event: ClipboardEvent) => {
      const { commands, selection, boxes, draft, pointer } = latest.current;
      if (isElsewhere(event.target)) return;
      const clip = readClip(event.clipboardData?.getData('text/plain') ?? '');
      if (clip === undefined) return;
      event.preventDefault();
      const mouse = pointer();
      const [first] = selection;
      if (mouse === undefined) return commands.paste(clip, first ? splitPlace(first).scope : '', undefined);
      const at = flow.screenToFlowPosition(mouse);
      const scope = scopeAt(draft.definition, boxes, at);
      commands.paste(clip, scope, spotAt(boxes, scope, at));
    };
    window.addEventListener('keydown', press);
    document.addEventListener('copy', copy);
    document.addEventListener('cut', copy);
    document.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('keydown', press);
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', copy);
      document.removeEventListener('paste', paste);
    };
  }, [flow]);
}

const hasText = (): boolean => (window.getSelection()?.toString() ?? '') !== '';

function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, aside') !== null;
}
