/**
 * The history of an execution as server-sent events. Level-triggered: each round reads what comes after the last
 * event that was sent, whoever wrote it, so nothing is missed or sent twice, and `Last-Event-ID` resumes.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventAnswer } from '../contract/executions.ts';
import { hasEnded, isEnd } from '../core/execution/index.ts';
import type { ExecutionRow, StoredEvent } from '../ports/store.ts';
import { omitLarge } from '../projections/omit-large.ts';
import { Bell } from './bell.ts';
import type { ApiDeps } from './deps.ts';
import { drained, SSE_HEADERS } from './sse.ts';

/** Events read in one round. */
const PAGE = 500;
/** Between looks when no news comes from this process. */
const LOOK_MS = 500;
/** Rounds without an event until a comment keeps the connection open. */
const QUIET_ROUNDS = 30;

interface Query {
  readonly after: number;
  readonly values?: 'omit' | undefined;
}

interface Beginning {
  readonly from: number;
  /** What was there when somebody came. */
  readonly first: StoredEvent[];
  readonly show: (event: StoredEvent) => string;
}

export class EventStreams {
  readonly #deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;
  readonly #closing: AbortSignal;

  constructor(deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>, closing: AbortSignal) {
    this.#deps = deps;
    this.#closing = closing;
  }

  /** Ends with the execution, or when the caller or the server goes. A stream resumed at its end is a 204. */
  async answer(row: ExecutionRow, query: Query, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { store } = this.#deps;
    const from = Math.max(query.after, lastEventId(request));
    const first = await store.executions.events(row.projectId, row.id, from, PAGE);
    // An EventSource that was cut off at the end would come back for ever; 204 tells it to stay away.
    if (first.length === 0 && hasEnded(row.status)) return;
    reply.hijack();
    const bell = new Bell(this.#deps.engine.outcomes, this.#deps.runtime, row.id);
    const stop = () => bell.ring();
    reply.raw.once('close', stop);
    this.#closing.addEventListener('abort', stop);
    try {
      reply.raw.writeHead(200, SSE_HEADERS);
      const show = (event: StoredEvent) => frame(eventAnswer(event, query.values === 'omit'));
      await this.#follow(row, { from, first, show }, reply.raw, bell);
    } catch (error) {
      this.#deps.runtime.log.warn({ executionId: row.id, error: String(error) }, 'an event stream broke off');
    } finally {
      this.#closing.removeEventListener('abort', stop);
      bell.close();
      reply.raw.end();
    }
  }

  async #follow(row: ExecutionRow, { from, first, show }: Beginning, raw: ServerResponse, bell: Bell): Promise<void> {
    const { executions } = this.#deps.store;
    let after = from;
    let quiet = 0;
    for (let events = first; ; events = await executions.events(row.projectId, row.id, after, PAGE)) {
      quiet = events.length === 0 ? quiet + 1 : 0;
      if (quiet >= QUIET_ROUNDS) quiet = 0;
      const text = events.length > 0 ? events.map(show).join('') : quiet === 0 ? ': still here\n\n' : '';
      if (text !== '' && !raw.write(text)) await drained(raw);
      after = events.at(-1)?.seq ?? after;
      if (this.#isOver(raw)) return;
      if (events.length === PAGE) continue;
      if (events.length === 0 && (await this.#hasEnded(row))) return;
      if (events.length === 0 || !isEnd(events.at(-1)?.type ?? '')) await bell.wait(LOOK_MS);
      if (this.#isOver(raw)) return;
    }
  }

  #isOver(raw: ServerResponse): boolean {
    return raw.destroyed || raw.closed || this.#closing.aborted;
  }

  async #hasEnded({ projectId, id }: ExecutionRow): Promise<boolean> {
    const now = await this.#deps.store.executions.get(projectId, id);
    return now === undefined || hasEnded(now.status);
  }
}

const frame = (event: EventAnswer): string =>
  `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** `isSlim`: without what is large. */
export function eventAnswer({ seq, type, at, data }: StoredEvent, isSlim: boolean): EventAnswer {
  const event = { seq, type, at: new Date(at).toISOString() };
  if (!isSlim) return { ...event, data };
  const slim = omitLarge(data);
  return { ...event, data: slim.data, ...(slim.omitted.length > 0 && { omitted: [...slim.omitted] }) };
}

function lastEventId(request: FastifyRequest): number {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,9}$/.test(id) ? Number(id) : 0;
}
