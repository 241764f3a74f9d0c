/** How an execution is drawn while someone watches: a pure function of what the server says, the time and the room. */
import { formatNanos } from '../core/money.ts';
import type { Execution, ExecutionNode, ExecutionSummary } from '../sdk/index.ts';
import { brief, clean, clip, PLAIN, type Style, span } from './text.ts';

export interface Room {
  readonly width: number;
  /** Lines at most; where there are more nodes, those that have something to tell stay. Default: all. */
  readonly height?: number;
  readonly style?: Style;
}

type NodeStatus = ExecutionNode['status'];
type Color = Exclude<keyof Style, 'bold'>;

const SIGNS: Readonly<Record<NodeStatus, readonly [sign: string, color: Color]>> = {
  pending: ['·', 'dim'],
  running: ['▶', 'cyan'],
  waiting: ['◷', 'yellow'],
  completed: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['–', 'dim'],
  canceled: ['■', 'yellow'],
};

const STATUS_COLORS: Readonly<Record<Execution['status'], Color>> = {
  pending: 'dim',
  running: 'cyan',
  waiting: 'yellow',
  completed: 'green',
  compensating: 'yellow',
  failed: 'red',
  canceled: 'yellow',
  compensated: 'yellow',
  compensation_failed: 'red',
};

/** Who must go first where the room is short. */
const INTEREST: readonly NodeStatus[] = ['skipped', 'pending', 'completed', 'canceled', 'waiting', 'running', 'failed'];
const BAR = 20;
/** Iterations that have ended say nothing a bar does not. */
const LIVE: ReadonlySet<NodeStatus> = new Set(['running', 'waiting', 'failed']);

/** `now` in milliseconds since the epoch. */
export function frame(view: Execution, now: number, room: Room): string[] {
  const style = room.style ?? PLAIN;
  const agents = new Set(view.nodes.flatMap((node) => (node.type === 'agent' ? [node.path] : [])));
  const nodes = choose(
    view.nodes.filter((node) => depthOf(node) === 0 || LIVE.has(node.status) || isTurn(agents, node)),
    (room.height ?? Number.POSITIVE_INFINITY) - 2,
  );
  const left = Math.max(0, ...nodes.map((node) => labelOf(node).length));
  const types = Math.max(0, ...nodes.map((node) => node.type.length));
  const lines = nodes.map((node) => line(view, node, now, { left, types, width: room.width, style }));
  const hidden = view.nodes.filter((node) => depthOf(node) === 0).length - nodes.filter((n) => depthOf(n) === 0).length;
  if (hidden > 0) lines.push(style.dim(`  … and ${hidden} more`));
  return [head(view, now, room.width, style), ...lines];
}

/** Milliseconds from the start until the end or now. */
export function elapsed(
  part: { startedAt: string | null; finishedAt: string | null },
  now: number,
): number | undefined {
  if (part.startedAt === null) return undefined;
  return (part.finishedAt === null ? now : Date.parse(part.finishedAt)) - Date.parse(part.startedAt);
}

/** A status in its color. */
export function paintStatus(status: Execution['status'], style: Style): string {
  return style[STATUS_COLORS[status]](status);
}

/** What a node has to tell besides its status: how far, why, until when. */
function story(view: Execution, node: ExecutionNode, now: number): string {
  const parts: string[] = [];
  if (node.progress !== undefined) parts.push(bar(node.progress));
  if (node.status === 'completed' && node.port !== null && node.port !== 'out') parts.push(`→ ${node.port}`);
  if (node.usage !== undefined) parts.push(usageText(node.usage));
  if (node.attempt > 1) parts.push(`attempt ${node.attempt}`);
  const wait = view.waitingFor.find((one) => one.path === node.path);
  if (wait !== undefined && node.status === 'waiting') parts.push(waitText(wait, now));
  if (node.error !== null) parts.push(`${node.error.code}: ${node.error.message}`);
  return clean(parts.join('  '));
}

function usageText({ inputTokens, outputTokens, cost, currency }: NonNullable<ExecutionNode['usage']>): string {
  const price = cost === 0 ? '' : ` ${formatNanos(cost)} ${currency}`;
  return `${inputTokens + outputTokens} tokens${price}`;
}

function waitText(wait: Execution['waitingFor'][number], now: number): string {
  if (wait.reason === 'child') return `for ${wait.executionId ?? 'a child'}`;
  const left = wait.until === undefined ? undefined : span(Date.parse(wait.until) - now);
  if (wait.reason === 'approval' && wait.waitId !== undefined) {
    return `for a person${left === undefined ? '' : `, ${left} left`}: myelin approve ${wait.waitId}`;
  }
  return wait.reason === 'retry' ? `next attempt in ${left ?? 'a moment'}` : `for ${left ?? `a ${wait.reason}`}`;
}

function bar({ done, total }: { done: number; total: number | null }): string {
  if (total === null) return `${done} done`;
  const full = total === 0 ? BAR : Math.round((BAR * Math.min(done, total)) / total);
  return `[${'█'.repeat(full)}${'░'.repeat(BAR - full)}] ${done}/${total}`;
}

/** What an agent did is a story of its own, and short. */
function isTurn(agents: ReadonlySet<string>, { path, status }: ExecutionNode): boolean {
  const container = path.slice(0, Math.max(0, path.lastIndexOf('[')));
  return status !== 'pending' && status !== 'skipped' && agents.has(container);
}

const depthOf = (node: ExecutionNode): number => node.path.split('/').length - 1;

const labelOf = (node: ExecutionNode): string => '  '.repeat(depthOf(node)) + clean(node.path);

function head(view: Execution, now: number, width: number, style: Style): string {
  const time = elapsed(view, now);
  const status = `${view.status}${time === undefined ? '' : ` ${span(time)}`}`;
  const name = clip(titleOf(view), Math.max(8, width - status.length - 2));
  const rest = `  ${view.id}`;
  const room = width - name.length - status.length - 2;
  return `${style.bold(name)}  ${style[STATUS_COLORS[view.status]](status)}${style.dim(clip(rest, Math.max(0, room)))}`;
}

interface Columns {
  readonly left: number;
  readonly types: number;
  readonly width: number;
  readonly style: Style;
}

function line(view: Execution, node: ExecutionNode, now: number, { left, types, width, style }: Columns): string {
  const [sign, color] = SIGNS[node.status];
  const time = node.status === 'skipped' ? undefined : elapsed(node, now);
  const label = labelOf(node).padEnd(left);
  const type = clean(node.type).padEnd(types);
  const clock = (time === undefined ? '' : span(time)).padStart(7);
  const before = `  ${sign} ${label}  ${type} ${clock}  `;
  const told = clip(story(view, node, now), width - before.length);
  const shown = node.status === 'failed' ? style.red(told) : told;
  const dull = node.status === 'pending' || node.status === 'skipped';
  if (before.length >= width) return clip(before, width).trimEnd();
  return `  ${style[color](sign)} ${dull ? style.dim(label) : label}  ${style.dim(type)} ${clock}  ${shown}`.trimEnd();
}

/** The most interesting nodes that fit, in their old order. */
function choose(nodes: readonly ExecutionNode[], height: number): readonly ExecutionNode[] {
  if (nodes.length <= height) return nodes;
  const ranked = nodes
    .map((node, index) => ({ node, index, rank: INTEREST.indexOf(node.status) }))
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .slice(0, Math.max(0, height));
  return ranked.sort((a, b) => a.index - b.index).map(({ node }) => node);
}

/** What became different between two looks, one line each; `before` undefined: everything that is not pending. */
export function changes(before: Execution | undefined, after: Execution, now: number, style: Style = PLAIN): string[] {
  const known = new Map(before?.nodes.map((node) => [node.path, node]));
  const lines = after.nodes
    .filter((node) => isNews(known.get(node.path), node))
    .map((node) => {
      const [sign, color] = SIGNS[node.status];
      const time = node.finishedAt === null ? undefined : elapsed(node, now);
      const told = [time === undefined ? '' : span(time), story(after, node, now)].filter((part) => part !== '');
      return `${style[color](sign)} ${[clean(node.path), node.status, ...told].join('  ')}`;
    });
  if (before?.status === after.status) return lines;
  const output = after.status === 'completed' ? `  ${brief(after.output, 200)}` : '';
  const why = after.status === 'failed' && after.error !== null ? `  ${clean(after.error.message)}` : '';
  return [...lines, `${clean(after.workflowName)} ${paintStatus(after.status, style)}${output}${why}`];
}

function isNews(before: ExecutionNode | undefined, after: ExecutionNode): boolean {
  if (before === undefined) return after.status !== 'pending' && after.status !== 'skipped';
  return (
    before.status !== after.status ||
    before.attempt !== after.attempt ||
    before.progress?.done !== after.progress?.done ||
    before.finishedAt !== after.finishedAt
  );
}

/** The workflow and the version that it runs on. */
export function titleOf({ workflowName, version, test }: ExecutionSummary): string {
  return `${workflowName} ${test ? 'test' : `v${version}`}`;
}
