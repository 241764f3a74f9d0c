/** Which node is next to another one on the canvas, in the direction of an arrow key. */
import { aroundOf } from './document.ts';
import { cornerOf, type Layout, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What lies aside counts so much more than what lies ahead. */
const ASIDE = 3;

/** Undefined where there is none, and for any other key. */
export function toward(boxes: Layout, places: readonly string[], from: string, key: string): string | undefined {
  const direction = DIRECTIONS[key];
  if (direction === undefined || !boxes.has(from)) return undefined;
  const [dx, dy] = direction;
  const start = headOf(boxes, from);
  const around = new Set(['', from]);
  for (let at = aroundOf(from); at !== ''; at = aroundOf(at)) around.add(at);
  const frames = new Set(places);
  let found: string | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const place of places) {
    // What is in another frame is come to by way of that.
    if (place === from || !around.has(frameOf(place, frames))) continue;
    const { x, y } = headOf(boxes, place);
    const [ahead, aside] = [
      (x - start.x) * dx + (y - start.y) * dy,
      Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx),
    ];
    const far = ahead + ASIDE * aside;
    if (ahead < 1 || aside > 2 * ahead || far >= nearest) continue;
    [found, nearest] = [place, far];
  }
  return found;
}

function frameOf(place: string, frames: ReadonlySet<string>): string {
  let at = aroundOf(place);
  while (at !== '' && !frames.has(at)) at = aroundOf(at);
  return at;
}

/** The middle of a card; a frame is met at its name, before what is in it. */
function headOf(boxes: Layout, place: string): { readonly x: number; readonly y: number } {
  const { width, height } = boxes.get(place) ?? { width: 0, height: 0 };
  const { x, y } = cornerOf(boxes, place);
  return { x: x + Math.min(width, NODE_WIDTH) / 2, y: y + Math.min(height, NODE_HEIGHT) / 2 };
}
