/**
 * How the nodes of a document are doing, from the nodes of an execution. A node in a body stands for itself in all
 * iterations: the gravest status colors it, and its note says how many are done.
 */
import type { Execution, ExecutionNode } from '../../../src/contract/executions.ts';
import { hasEnded } from '../../../src/core/execution/status.ts';
import { toneOf } from '../components/tone.ts';
import { aroundOf, type GraphDefinition, nodesOf, placeOfAddress } from './document.ts';
import type { Mark, Marks } from './marks.ts';

type Seen = Pick<ExecutionNode, 'path' | 'type' | 'status' | 'attempt' | 'port' | 'error' | 'progress'>;

interface Run {
  readonly status: Execution['status'];
  readonly nodes: readonly Seen[];
}

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

export function runMarks(definition: GraphDefinition, { status, nodes }: Run): Marks {
  const byPlace = new Map<string, Seen[]>();
  for (const node of nodes) {
    const place = placeOfAddress(definition, node.path);
    if (place === undefined) continue;
    const same = byPlace.get(place);
    if (same === undefined) byPlace.set(place, [node]);
    else same.push(node);
  }
  const isOver = hasEnded(status);
  const marks = new Map([...byPlace].map(([place, same]) => [place, markOf(same, isOver)]));
  // What is in a container that it did not come by is in no execution; containers come before what is in them.
  for (const { place } of nodesOf(definition)) {
    if (!marks.has(place) && isFaintAround(marks, place)) marks.set(place, NOT_REACHED);
  }
  return marks;
}

const NOT_REACHED: Mark = { isFaint: true, hint: 'not reached' };

function isFaintAround(marks: Marks, place: string): boolean {
  for (let around = aroundOf(place); around !== ''; around = aroundOf(around)) {
    const mark = marks.get(around);
    if (mark !== undefined) return mark.isFaint === true;
  }
  return false;
}

function markOf(nodes: readonly Seen[], isOver: boolean): Mark {
  const gravest = nodes.reduce((worst, one) => (gravity(one) > gravity(worst) ? one : worst));
  const { status, error } = gravest;
  const isWaiting = status === 'waiting' || status === 'running';
  const note = nodes.length === 1 ? noteOf(gravest) : noteOfMany(nodes);
  return {
    ...(status !== 'pending' && status !== 'skipped' && { tone: toneOf(status) }),
    ...(status === 'running' && { isMoving: true }),
    ...((status === 'skipped' || (status === 'pending' && isOver)) && { isFaint: true }),
    ...(note !== '' && { note }),
    hint:
      error && (status === 'failed' || isWaiting)
        ? `${error.message} (${error.code})`
        : status === 'pending' && isOver
          ? 'not reached'
          : status,
  };
}

const gravity = ({ status }: Seen): number => GRAVITY.indexOf(status);

/** What is new about it stands first, since a card is narrow; its type, which the sign says too, last. Empty: nothing is. */
function noteOf({ status, type, attempt, progress, port }: Seen): string {
  if (status === 'pending') return '';
  const parts: string[] = [];
  if (status !== 'completed') parts.push(status);
  else if (port !== null && port !== 'out') parts.push(port);
  if (progress) parts.push(progress.total === null ? `${progress.done}` : `${progress.done}/${progress.total}`);
  if (attempt > 1) parts.push(`attempt ${attempt}`);
  return parts.length === 0 ? '' : [...parts, type].join(' · ');
}

function noteOfMany(nodes: readonly Seen[]): string {
  const done = nodes.filter(({ status }) => status === 'completed').length;
  const failed = nodes.filter(({ status }) => status === 'failed').length;
  return `${done}/${nodes.length}${failed > 0 ? ` · ${failed} failed` : ''} · ${nodes[0]?.type}`;
}
