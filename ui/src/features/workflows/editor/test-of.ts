/** What a test sends: the draft, its pins, and for one node alone what is known of those before it. */
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { type Definition, nodesOf, placeOfAddress } from '../../../graph/document.ts';
import { loopAround, type Reachable, upstreamOf } from '../panel/reach.ts';
import { nodeAt, withNode } from './edit/scopes.ts';
import type { Pins } from './pins.ts';

export async function testOf(
  definition: Definition,
  run: Execution | undefined,
  all: Pins,
  until: string | undefined,
  alone: boolean,
  read: (run: string, node: ExecutionNode) => Promise<unknown>,
) {
  const known = new Set(nodesOf(definition).map(({ place }) => place));
  const pins = Object.fromEntries(Object.entries(all).filter(([place]) => known.has(place) && place !== until));
  if (until === undefined) return { definition, pins };
  // A container that is pinned does not open.
  const open = Object.fromEntries(Object.entries(pins).filter(([place]) => !until.startsWith(`${place}/`)));
  if (!alone) return { definition, pins: open, until };
  const before = await Promise.all(
    upstreamOf(definition, until).map(async ({ place }): Promise<readonly (readonly [string, unknown])[]> => {
      const node = place in open ? undefined : lastOf(definition, run, place);
      return run && node ? [[place, await read(run.id, node)]] : [];
    }),
  );
  return {
    definition: withFirstItem(definition, until),
    pins: { ...open, ...Object.fromEntries(before.flat()) },
    until,
  };
}

/** Of iterations the last. */
const lastOf = (definition: Definition, run: Execution | undefined, place: string): ExecutionNode | undefined =>
  run?.nodes.findLast(({ path, status }) => status === 'completed' && placeOfAddress(definition, path) === place);

/** One item is enough to try a node out: the maps around it go through the first of theirs. */
export function withFirstItem(definition: Definition, place: string): Definition {
  const container = loopAround(definition, place);
  if (container === undefined) return definition;
  const items = nodeAt(definition, container)?.config?.items;
  const next = firstOf(items);
  const changed =
    next === undefined
      ? definition
      : withNode(definition, container, (node) => ({ ...node, config: { ...node.config, items: next } }));
  return withFirstItem(changed, container);
}

/** Undefined where it cannot be told. */
function firstOf(items: unknown): unknown {
  if (Array.isArray(items)) return items.slice(0, 1);
  const [, expression] = (typeof items === 'string' && /^\s*\{\{((?:(?!\}\}|\{\{).)+)\}\}\s*$/s.exec(items)) || [];
  return expression && `{{ (${expression.trim()}).slice(0, 1) }}`;
}

/** Where each value comes from, in one line. */
export function noteOf(definition: Definition, run: Execution | undefined, pins: Pins, until: string): string {
  const before = upstreamOf(definition, until);
  const pinned = before.filter(({ place }) => place in pins);
  const ran = before.filter(({ place }) => !(place in pins) && lastOf(definition, run, place) !== undefined);
  const rest = before.filter((one) => !pinned.includes(one) && !ran.includes(one));
  const parts = [
    ...say(pinned, 'pinned'),
    ...say(ran, 'from the last run'),
    ...say(
      rest,
      rest.length === 1
        ? 'not known, so it runs where the way leads by it'
        : 'not known, so they run where the way leads by them',
    ),
  ];
  const what = parts.length === 0 ? 'Nothing is before it.' : `Before it: ${parts.join('; ')}.`;
  return loopAround(definition, until) === undefined ? what : `${what} A map around it takes its first item.`;
}

const MOST = 5;
const say = (nodes: readonly Reachable[], how: string): string[] => {
  const names = nodes.slice(0, MOST).map(({ id }) => id);
  if (nodes.length > MOST) names.push(`${nodes.length - MOST} more`);
  return names.length === 0 ? [] : [`${names.join(', ')} (${how})`];
};
