/** What can be done to the draft on the canvas: each is one step to undo, and leaves selected what it made. */
import { toast } from '../../../components/toast.tsx';
import { type Definition, mainPortOf, triggerIdOf, triggerPlace } from '../../../graph/document.ts';
import { layoutOf, spotIn } from '../../../graph/layout.ts';
import type { Entry } from './catalog.ts';
import type { DraftHandle } from './draft.ts';
import { addBranch, addNode, addTrigger, removeBranch, removeTrigger, type Where } from './edit/add.ts';
import { type Clip, clipOf, duplicate, type Pasted, paste } from './edit/copy.ts';
import { connect, disconnect, keepEdges } from './edit/edges.ts';
import { moveBy, type Spot, tidy } from './edit/move.ts';
import { idFault, rename } from './edit/names.ts';
import { awaited, newNode, newTrigger } from './edit/new-node.ts';
import { rehouse } from './edit/rehouse.ts';
import { removeNodes } from './edit/remove.ts';
import { containerOf, nodeAt, splitPlace, withGraph, withNode } from './edit/scopes.ts';

const EDGE = /^(.+):([^:]+)->(.+)$/;

/** The ends of an edge by its id in a drawing. */
export function edgeEnds(id: string): { source: string; port: string; target: string } | undefined {
  const [, source, port, target] = EDGE.exec(id) ?? [];
  return source && port && target ? { source, port, target } : undefined;
}

export interface Commands {
  readonly add: (entry: Entry, where: Where) => void;
  /** Behind the only selected node, else on its own. */
  readonly append: (entry: Entry) => void;
  readonly remove: (places: readonly string[], edges: readonly string[]) => void;
  readonly connect: (source: string, port: string, target: string) => void;
  readonly disconnect: (source: string, port: string, target: string) => void;
  readonly isolate: (place: string) => void;
  readonly rename: (place: string, id: string) => string | undefined;
  readonly duplicate: (places: readonly string[]) => void;
  readonly copy: (places: readonly string[]) => Clip | undefined;
  readonly paste: (clip: Clip, scope: string, at: Spot | undefined) => void;
  readonly move: (places: readonly string[], by: Spot) => void;
  /** Into the graph around its container, beside it. */
  readonly takeOut: (place: string) => void;
  readonly tidy: () => void;
  readonly addBranch: (place: string) => void;
  readonly removeBranch: (place: string, name: string) => void;
}

export function commandsOf(
  draft: DraftHandle,
  selection: readonly string[],
  select: (places: readonly string[]) => void,
): Commands {
  const { definition, edit } = draft;
  const nodesOnly = (places: readonly string[]) => places.filter((place) => triggerIdOf(place) === undefined);
  const put = ({ definition: next, places }: Pasted) => {
    if (places.length === 0) return;
    edit(next);
    select(places);
  };
  const add = (entry: Entry, where: Where) => {
    if (entry.kind === 'trigger') {
      const next = addTrigger(definition, newTrigger(entry.type, definition.name), where.spot);
      edit(next);
      return select([triggerPlace(next.triggers?.at(-1)?.id ?? '')]);
    }
    const { definition: next, place } = addNode(definition, newNode(entry.type), where);
    const waited = entry.type.type === 'respond' ? awaited(next) : next;
    if (waited !== next)
      toast({ tone: 'ok', title: 'The webhook waits for the result now, so that it can be answered' });
    edit(waited);
    select([place]);
  };
  return {
    add,
    append: (entry) => {
      const [one] = nodesOnly(selection);
      const node = selection.length === 1 && one !== undefined ? nodeAt(definition, one) : undefined;
      if (one === undefined || node === undefined) return add(entry, { scope: '' });
      add(entry, { scope: splitPlace(one).scope, after: one, port: mainPortOf(node) });
    },
    remove: (places, edges) => {
      const ends = edges.flatMap((id) => edgeEnds(id) ?? []);
      const parted = ends.reduce(
        (left, { source, port, target }) => disconnect(left, source, port, target),
        definition,
      );
      const without = removeNodes(parted, nodesOnly(places));
      edit(places.flatMap((place) => triggerIdOf(place) ?? []).reduce(removeTrigger, without));
      select([]);
    },
    connect: (source, port, target) => edit(connect(definition, source, port, target)),
    disconnect: (source, port, target) => edit(disconnect(definition, source, port, target)),
    isolate: (place) => {
      const { scope, id } = splitPlace(place);
      edit(withGraph(definition, scope, (graph) => keepEdges(graph, ({ from, to }) => from !== id && to !== id)));
    },
    rename: (place, id) => {
      const fault = idFault(definition, place, id);
      if (fault !== undefined) {
        toast({ tone: 'warn', title: `${id}: ${fault}` });
        return undefined;
      }
      edit(rename(definition, place, id));
      const { scope } = splitPlace(place);
      return scope === '' ? id : `${scope}/${id}`;
    },
    duplicate: (places) => put(duplicate(definition, nodesOnly(places))),
    copy: (places) => clipOf(definition, nodesOnly(places)),
    paste: (clip, scope, at) => put(paste(definition, scope, clip, at)),
    move: (places, by) => edit(moveBy(definition, places, by), `move ${places.join(' ')}`),
    takeOut: (place) => {
      const container = containerOf(splitPlace(place).scope)?.place;
      if (container === undefined) return;
      const { scope } = splitPlace(container);
      const boxes = layoutOf(definition);
      const box = boxes.get(container);
      const spot = spotIn(boxes, container) ?? { x: 0, y: 0 };
      put(rehouse(definition, [place], scope, { x: spot.x, y: spot.y + (box?.height ?? 0) + 24 }));
    },
    tidy: () => edit(tidy(definition)),
    removeBranch: (place, name) => edit(removeBranch(definition, place, name)),
    addBranch: (place) => edit(addBranch(definition, place, 'branch')),
  };
}

export const changeNode = (
  definition: Definition,
  place: string,
  next: NonNullable<ReturnType<typeof nodeAt>>,
): Definition => withNode(definition, place, () => next);
