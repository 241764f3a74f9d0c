/** Putting nodes into a container, and taking them out of it. */
import { bodiesOf, type Definition, type GraphDefinition, placeIn, scopeOf } from '../../../../graph/document.ts';
import { cornerOf, type Layout, originOf } from '../../../../graph/layout.ts';
import { clipOf, type Pasted, paste } from './copy.ts';
import type { Spot } from './move.ts';
import { removeNodes } from './remove.ts';
import { containerOf, graphAt, isWithin, splitPlace } from './scopes.ts';

/** With the edges between them; those to others are parted, since an edge stays in its graph. */
export function rehouse(definition: Definition, places: readonly string[], scope: string, at: Spot): Pasted {
  const clip = clipOf(definition, places);
  const container = containerOf(scope);
  const isInside = container !== undefined && places.some((place) => isWithin(container.place, place));
  if (clip === undefined || isInside || graphAt(definition, scope) === undefined) return { definition, places: [] };
  const moved = new Set(clip.nodes.map(({ id }) => id));
  const from = splitPlace(places[0] as string).scope;
  const own = places.filter((place) => splitPlace(place).scope === from && moved.has(splitPlace(place).id));
  // Put in first: a graph of a container is never left without nodes before it has others.
  const pasted = paste(definition, scope, clip, at);
  return { definition: removeNodes(pasted.definition, own), places: pasted.places };
}

/** The innermost graph at a point of the drawing that is not within one of these nodes. */
export function scopeAt(
  graph: GraphDefinition,
  boxes: Layout,
  point: Spot,
  except: readonly string[] = [],
  scope = '',
): string {
  for (const node of graph.nodes) {
    const place = placeIn(scope, node.id);
    if (except.some((one) => isWithin(place, one)) || !isAt(boxes, place, point)) continue;
    for (const body of bodiesOf(node)) {
      const inner = scopeOf(place, body);
      if (body.name === null || isAt(boxes, inner, point)) return scopeAt(body.graph, boxes, point, except, inner);
    }
  }
  return scope;
}

function isAt(boxes: Layout, place: string, { x, y }: Spot): boolean {
  const box = boxes.get(place);
  if (box === undefined) return false;
  const corner = cornerOf(boxes, place);
  return x >= corner.x && x <= corner.x + box.width && y >= corner.y && y <= corner.y + box.height;
}

/** A point of the drawing, from the corner of a graph. */
export function spotAt(boxes: Layout, scope: string, { x, y }: Spot): Spot {
  const corner = cornerOf(boxes, scope);
  const origin = originOf(scope);
  return { x: x - corner.x - origin.x, y: y - corner.y - origin.y };
}
