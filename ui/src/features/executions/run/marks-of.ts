/**
 * How the nodes of a document are doing, from the nodes of an execution. A node in a body stands for itself in all
 * iterations: the gravest status colors it, and its note says how many are done.
 */
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { toneOf } from '../../../components/tone.ts';
import { type Definition, placeOfAddress } from '../../../graph/document.ts';
import type { Mark, Marks } from '../../../graph/marks.ts';
import { containerOf } from './address.ts';

type Seen = Pick<ExecutionNode, 'path' | 'type' | 'status' | 'attempt' | 'port' | 'error' | 'progress'>;

/** The graver one wins. */
const GRAVITY: readonly Seen['status'][] = [
  'pending',
  'skipped',
  'completed',
  'canceled',
  'waiting',
  'running',
  'failed',
];

export function marksOf(definition: Definition, nodes: readonly Seen[]): Marks {
  const byPlace = new Map<string, Seen[]>();
  for (const node of nodes) {
    const place = placeOfAddress(definition, node.path);
    if (place === undefined) continue;
    const same = byPlace.get(place);
    if (same === undefined) byPlace.set(place, [node]);
    else same.push(node);
  }
  return new Map([...byPlace].map(([place, same]) => [place, markOf(same)]));
}

function markOf(nodes: readonly Seen[]): Mark {
  const gravest = nodes.reduce((worst, one) => (gravity(one) > gravity(worst) ? one : worst));
  const { status, error } = gravest;
  const isWaiting = status === 'waiting' || status === 'running';
  return {
    ...(status !== 'pending' && status !== 'skipped' && { tone: toneOf(status) }),
    ...(status === 'running' && { isMoving: true }),
    ...((status === 'skipped' || status === 'pending') && { isFaint: true }),
    note: nodes.length === 1 ? noteOf(gravest) : noteOfMany(nodes),
    hint: error && (status === 'failed' || isWaiting) ? `${error.message} (${error.code})` : status,
  };
}

const gravity = ({ status }: Seen): number => GRAVITY.indexOf(status);

function noteOf({ status, type, attempt, progress, port }: Seen): string {
  const parts = [type];
  if (status === 'pending') return type;
  if (progress !== undefined)
    parts.push(progress.total === null ? `${progress.done}` : `${progress.done}/${progress.total}`);
  if (attempt > 1) parts.push(`attempt ${attempt}`);
  if (status === 'completed' && port !== null && port !== 'out') parts.push(port);
  else if (status !== 'completed') parts.push(status);
  return parts.join(' · ');
}

function noteOfMany(nodes: readonly Seen[]): string {
  const done = nodes.filter(({ status }) => status === 'completed').length;
  const failed = nodes.filter(({ status }) => status === 'failed').length;
  return `${nodes[0]?.type} · ${done}/${nodes.length}${failed > 0 ? ` · ${failed} failed` : ''}`;
}

/** Of the nodes at one place in the drawing, the address to show: the one that needs eyes, else the last. */
export function addressAt(definition: Definition, nodes: readonly Seen[], place: string): string | undefined {
  const same = nodes.filter(({ path }) => placeOfAddress(definition, path) === place);
  const grave = same.find(({ status }) => status === 'failed') ?? same.find(({ status }) => status === 'running');
  return (grave ?? same.find(({ status }) => status === 'waiting') ?? same.at(-1))?.path;
}

/** Is this node one of an agent's own calls, which the document does not draw? It belongs to the container around. */
export function drawnPlace(definition: Definition, path: string): string | undefined {
  for (let at: string | null = path; at !== null; at = containerOf(at)) {
    const place = placeOfAddress(definition, at);
    if (place !== undefined) return place;
  }
  return undefined;
}
