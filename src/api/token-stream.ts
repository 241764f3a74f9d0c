/**
 * What models say in an execution, as server-sent events. The journal says which calls there are and has the texts of
 * those that ended; the hub has the texts that go on, wherever they are made. Level-triggered, as event-stream.ts: a
 * reader that is slow gets more at once, later, and nothing gathers for it here.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasEnded, type Status } from '../core/execution/index.ts';
import { isTask } from '../core/node-type.ts';
import { nodeAt } from '../core/plan/node-at.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Following } from '../engine/text-board.ts';
import type { ExecutionRow, StoredEvent } from '../ports/store.ts';
import { type Cursor, LONGEST_ID, parseCursor, printCursor } from '../projections/token-cursor.ts';
import { type StreamEvent, TokenFold } from '../projections/token-fold.ts';
import { Bell } from './bell.ts';
import type { ApiDeps } from './deps.ts';
import { drained, SSE_HEADERS } from './sse.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** Events of the journal read in one round. */
const PAGE = 500;
/** Between looks at the journal when no news comes from this process. */
const LOOK_MS = 500;
/** Looks without an event until a comment keeps the connection open. */
const QUIET_ROUNDS = 30;
/** A reader that takes nothing for so long is cut off. */
const STALL_MS = 60_000;

export class TokenStreams {
  readonly #deps: Deps;
  readonly #closing: AbortSignal;

  constructor(deps: Deps, closing: AbortSignal) {
    this.#deps = deps;
    this.#closing = closing;
  }

  /** Ends with the execution, or when the caller or the server goes. A stream resumed at its end is a 204. */
  async answer(
    row: ExecutionRow,
    plan: Plan | undefined,
    from: 'now' | 'start',
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const cursor = cursorOf(request);
    if (cursor !== undefined && (await this.#isAtEnd(row, cursor))) return;
    const fold = new TokenFold((path) => isStream(plan, path), cursor);
    const stream = new TokenStream(this.#deps, row, fold, reply.raw, this.#closing);
    reply.hijack();
    try {
      reply.raw.writeHead(200, SSE_HEADERS);
      await stream.run(cursor === undefined && from === 'now');
    } catch (error) {
      this.#deps.runtime.log.warn({ executionId: row.id, error: String(error) }, 'a stream of tokens broke off');
    } finally {
      stream.close();
      reply.raw.end();
    }
  }

  async #isAtEnd({ projectId, id, status }: ExecutionRow, { seq, hasEnd }: Cursor): Promise<boolean> {
    if (hasEnd !== true || !hasEnded(status)) return false;
    return (await this.#deps.store.executions.events(projectId, id, seq, 1)).length === 0;
  }
}

/** One connection. */
class TokenStream {
  readonly #deps: Deps;
  readonly #row: ExecutionRow;
  readonly #fold: TokenFold;
  readonly #raw: ServerResponse;
  readonly #closing: AbortSignal;
  readonly #bell: Bell;
  readonly #following: Following;
  readonly #stop = () => this.#bell.ring();
  /** Since when the caller takes no more, in milliseconds since the epoch. */
  #blockedAt: number | null = null;
  #isLive = false;

  constructor(deps: Deps, row: ExecutionRow, fold: TokenFold, raw: ServerResponse, closing: AbortSignal) {
    this.#deps = deps;
    this.#row = row;
    this.#fold = fold;
    this.#raw = raw;
    this.#closing = closing;
    this.#bell = new Bell(deps.engine.outcomes, deps.runtime, row.id);
    this.#following = deps.engine.tokens.follow(row.projectId, row.id, (what) => {
      if (what === 'call') this.#bell.ring();
      this.#pump();
    });
    raw.once('close', this.#stop);
    closing.addEventListener('abort', this.#stop);
  }

  close(): void {
    this.#isLive = false;
    this.#closing.removeEventListener('abort', this.#stop);
    this.#following.stop();
    this.#bell.close();
  }

  /** `skip`: what is over is not told. */
  async run(skip: boolean): Promise<void> {
    if (skip) {
      await this.#skip();
      for (const event of this.#fold.present()) this.#send(event);
    }
    // A block without data sets the id from which the caller comes back, and nothing else.
    this.#write(`${idLine(this.#fold.cursor)}: hello\n\n`);
    this.#isLive = true;
    let quiet = 0;
    let isLast = false;
    while (!this.#isOver) {
      const events = await this.#next();
      for (const event of events) await this.#tell(event);
      this.#pump();
      if (events.length > 0) isLast = false;
      quiet = events.length === 0 ? (quiet + 1) % QUIET_ROUNDS : 0;
      if (events.length === PAGE) continue;
      if (events.length === 0) {
        const status = await this.#status();
        if (status === undefined) return;
        if (hasEnded(status)) {
          // Its last events may have come between the two looks.
          if (isLast) return this.#end(status);
          isLast = true;
          continue;
        }
        if (quiet === 0) this.#write(': still here\n\n');
      }
      if (events.at(-1)?.type.startsWith('execution.') !== true) await this.#bell.wait(LOOK_MS);
      if (this.#hasStalled) this.#raw.destroy();
    }
  }

  async #skip(): Promise<void> {
    for (let events = await this.#next(); events.length > 0 && !this.#isOver; events = await this.#next()) {
      for (const event of events) for (const _ of this.#fold.learn(event));
    }
  }

  #next(): Promise<StoredEvent[]> {
    return this.#deps.store.executions.events(this.#row.projectId, this.#row.id, this.#fold.seq, PAGE);
  }

  async #tell(event: StoredEvent): Promise<void> {
    for (const told of this.#fold.learn(event)) {
      this.#send(told);
      if (this.#blockedAt !== null) await this.#drained();
      if (this.#isOver) return;
    }
  }

  async #drained(): Promise<void> {
    const over = new AbortController();
    const stalled = this.#deps.runtime.sleep(STALL_MS, over.signal).then(() => {
      if (!over.signal.aborted) this.#raw.destroy();
    });
    await drained(this.#raw);
    over.abort('drained');
    await stalled;
  }

  /** All that texts which go on have more, as long as the caller takes it. */
  #pump(): void {
    if (!this.#isLive) return;
    for (const { path, attempt } of this.#fold.calls) {
      const text = this.#following.text(path, attempt);
      if (text === undefined) continue;
      const events = this.#fold.take(path, text);
      while (this.#blockedAt === null && !this.#isOver) {
        const next = events.next();
        if (next.done) break;
        this.#send(next.value);
      }
    }
  }

  #send(event: StreamEvent): void {
    this.#write(frame(event, idLine(this.#fold.cursor)));
  }

  #end(status: Status): void {
    const { seq } = this.#fold;
    this.#write(frame({ type: 'end', status }, idLine({ seq, calls: this.#fold.calls, hasEnd: true })));
  }

  #write(text: string): void {
    if (this.#isOver || this.#raw.write(text) || this.#blockedAt !== null) return;
    this.#blockedAt = this.#deps.runtime.now();
    this.#raw.once('drain', () => {
      this.#blockedAt = null;
      this.#pump();
    });
  }

  get #isOver(): boolean {
    return this.#raw.destroyed || this.#raw.closed || this.#closing.aborted;
  }

  get #hasStalled(): boolean {
    return this.#blockedAt !== null && this.#deps.runtime.now() - this.#blockedAt > STALL_MS;
  }

  async #status(): Promise<Status | undefined> {
    return (await this.#deps.store.executions.get(this.#row.projectId, this.#row.id))?.status;
  }
}

function isStream(plan: Plan | undefined, path: string): boolean {
  const type = plan && nodeAt(plan, path)?.type;
  return type !== undefined && isTask(type) && type.streams === true;
}

/** Empty where the id would be too long: a caller then comes back from an older one, and gets some of it again. */
function idLine(cursor: Cursor): string {
  const id = printCursor(cursor);
  return id.length > LONGEST_ID ? '' : `id: ${id}\n`;
}

type Told = StreamEvent | { readonly type: 'end'; readonly status: Status };

function frame(event: Told, id: string): string {
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Throws `invalid_request`. */
function cursorOf(request: FastifyRequest): Cursor | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? parseCursor(id) : undefined;
}
