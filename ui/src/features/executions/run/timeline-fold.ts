/**
 * The events of an execution as bars on a time axis: for each node its attempts, waits and pauses before a retry.
 * Events are added one after the other, as they are read or happen, and none is kept.
 */
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import { isObject } from '../../../../../src/core/json.ts';
import { iterationOf } from './address.ts';
import { pathOf } from './event-words.ts';

/** `queue`: it could go on and nobody had begun; `retry`: the pause before another attempt; `span`: a container. */
type Kind = 'work' | 'wait' | 'retry' | 'queue' | 'span';

export interface Segment {
  readonly kind: Kind;
  readonly from: number;
  /** Null: it goes on. */
  to: number | null;
  /** How it ended; `open` while it goes on. */
  end: 'open' | 'ok' | 'failed' | 'cut';
  /** Of the events that began and ended it. */
  readonly seq: number;
  endSeq: number;
  readonly attempt?: number;
  /** What it waits for, or why it failed. */
  note?: string;
}

export interface Row {
  /** An address; of an iteration it has no node: `each[3]`. */
  readonly path: string;
  readonly depth: number;
  readonly isIteration: boolean;
  readonly segments: Segment[];
  readonly children: Row[];
  isContainer: boolean;
}

/** What still goes on is called off by these. */
const ENDS = new Set([
  'execution.completed',
  'execution.failed',
  'execution.canceled',
  'execution.compensated',
  'execution.compensation_failed',
]);

export class TimelineFold {
  /** The execution itself: its time in the queue, and when it was paused. */
  readonly whole: Row = row('', 0, false);
  readonly #rows = new Map<string, Row>();
  /** Names of branches by container: their addresses have the name in place of a number. */
  readonly #branches = new Map<string, readonly string[]>();
  /** Sequence number of the last event that was added. */
  seq = 0;
  from = Number.POSITIVE_INFINITY;
  to = 0;

  get roots(): readonly Row[] {
    return this.whole.children;
  }

  add(event: EventAnswer): void {
    if (event.seq <= this.seq) return;
    const at = Date.parse(event.at);
    this.seq = event.seq;
    this.from = Math.min(this.from, at);
    this.to = Math.max(this.to, at);
    const path = pathOf(event);
    if (path === null) return this.#whole(event, at);
    // A retry that goes on undoing has no start of its own: it has begun with the first node.
    if (this.whole.segments.at(-1)?.kind === 'queue') close(this.whole.segments, { at, seq: event.seq }, 'ok');
    this.#node(this.#rowOf(path), event, at);
  }

  #whole({ type, seq }: EventAnswer, at: number): void {
    const now = { at, seq };
    const { segments } = this.whole;
    if (type === 'execution.created' || type === 'execution.retried') open(segments, { kind: 'queue', from: at, seq });
    if (type === 'execution.started') close(segments, now, 'ok');
    if (type === 'execution.paused') open(segments, { kind: 'wait', from: at, seq, note: 'paused' });
    if (type === 'execution.resumed') close(segments, now, 'ok');
    if (!ENDS.has(type)) return;
    close(segments, now, 'cut');
    for (const one of this.#rows.values()) close(one.segments, now, 'cut');
  }

  #node(row: Row, { type, data, seq }: EventAnswer, at: number): void {
    const { segments } = row;
    const now = { at, seq };
    const facts = isObject(data) ? data : {};
    const note = noteOf(facts);
    switch (type) {
      case 'container.opened':
        row.isContainer = true;
        this.#branches.set(row.path, branchesOf(facts.iteration));
        return open(segments, { kind: 'span', from: at, seq });
      case 'iteration.started': {
        const index = Number(facts.index);
        const iteration = this.#rowOf(`${row.path}[${this.#branches.get(row.path)?.[index] ?? index}]/`);
        return open(iteration.segments, { kind: 'span', from: at, seq });
      }
      case 'node.started':
        close(segments, now, 'ok');
        return open(segments, { kind: 'work', from: at, seq, attempt: Number(facts.attempt) });
      case 'node.waiting':
        if (segments.at(-1)?.kind === 'wait' && segments.at(-1)?.to === null) return;
        close(segments, now, 'ok');
        return open(segments, { kind: 'wait', from: at, seq, ...(note && { note }) });
      case 'node.retrying':
        close(segments, now, 'failed', note);
        return open(segments, { kind: facts.timerId === null ? 'queue' : 'retry', from: at, seq });
      case 'node.woken':
      case 'node.compensating':
        close(segments, now, 'ok');
        return open(segments, { kind: 'queue', from: at, seq });
      case 'node.completed':
      case 'node.skipped':
        return this.#end(row, now, 'ok');
      case 'node.failed':
        return this.#end(row, now, 'failed', note);
    }
  }

  #end(row: Row, now: Moment, end: 'ok' | 'failed', note?: string): void {
    const { segments } = row;
    if (segments.at(-1)?.to !== null) open(segments, { kind: 'work', from: now.at, seq: now.seq });
    close(segments, now, end, note);
    if (row.isContainer) for (const inner of row.children) close(inner.segments, now, 'ok');
    const iteration = iterationOf(row.path);
    if (iteration !== null) this.#settle(iteration, now);
  }

  /** An iteration has no event of its end: it lasts as long as what is inside. */
  #settle(iteration: string, { at, seq }: Moment): void {
    const around = this.#rows.get(iteration);
    const span = around?.segments.at(-1);
    if (around === undefined || span === undefined) return;
    const isBusy = around.children.some(({ segments }) => segments.at(-1)?.to === null);
    span.to = isBusy ? null : at;
    span.endSeq = isBusy ? Number.POSITIVE_INFINITY : seq;
    span.end = isBusy ? 'open' : around.children.some(hasFailed) ? 'failed' : 'ok';
  }

  #rowOf(path: string): Row {
    const bare = path.endsWith('/') ? path.slice(0, -1) : path;
    const known = this.#rows.get(bare);
    if (known !== undefined) return known;
    const isIteration = bare !== path;
    const parentPath = isIteration ? bare.slice(0, bare.lastIndexOf('[')) : iterationOf(bare);
    const parent = parentPath === null ? this.whole : this.#rowOf(isIteration ? parentPath : `${parentPath}/`);
    const made = row(bare, parentPath === null ? 0 : parent.depth + 1, isIteration);
    parent.children.push(made);
    this.#rows.set(bare, made);
    return made;
  }
}

function row(path: string, depth: number, isIteration: boolean): Row {
  return { path, depth, isIteration, segments: [], children: [], isContainer: isIteration };
}

interface Moment {
  readonly at: number;
  readonly seq: number;
}

type Opening = Pick<Segment, 'kind' | 'from' | 'seq' | 'attempt' | 'note'>;

function open(segments: Segment[], opening: Opening): void {
  segments.push({ ...opening, to: null, end: 'open', endSeq: Number.POSITIVE_INFINITY });
}

function close(segments: Segment[], { at, seq }: Moment, end: Segment['end'], note?: string): void {
  const last = segments.at(-1);
  if (last === undefined || last.to !== null) return;
  last.to = at;
  last.endSeq = seq;
  last.end = end;
  if (note !== undefined && note !== '') last.note = note;
}

const branchesOf = (iteration: unknown): readonly string[] =>
  isObject(iteration) && Array.isArray(iteration.branches) ? iteration.branches.map(String) : [];

const hasFailed = ({ segments }: Row): boolean => segments.at(-1)?.end === 'failed';

function noteOf(facts: Readonly<Record<string, unknown>>): string {
  if (isObject(facts.error)) return `${facts.error.message ?? ''} (${facts.error.code ?? ''})`;
  if (!isObject(facts.for)) return '';
  return String(facts.for.kind ?? (facts.for.workflow === undefined ? 'timer' : `child ${facts.for.workflow}`));
}

/** What is seen: rows of containers that are open, in order. */
export function visibleRows(roots: readonly Row[], isOpen: (row: Row) => boolean): Row[] {
  return roots.flatMap((one) => [
    one,
    ...(one.children.length > 0 && isOpen(one) ? visibleRows(one.children, isOpen) : []),
  ]);
}

/** A segment as it was after an event; undefined where it had not begun. */
export function segmentAt(segment: Segment, seq: number): Segment | undefined {
  if (segment.seq > seq) return undefined;
  return segment.endSeq > seq ? { ...segment, to: null, end: 'open' } : segment;
}
