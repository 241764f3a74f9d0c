/**
 * What changes in a project, as server-sent events to one reader. Nothing gathers here for one that is slow: frames
 * are left out while it takes none, and then one tells it to read everything again.
 */
import type { ServerResponse } from 'node:http';
import type { LiveEvent } from '../contract/live.ts';
import type { Change } from '../ports/live.ts';
import type { Runtime } from '../ports/runtime.ts';
import { SSE_HEADERS } from './sse.ts';

/** Between comments that keep the connection open, and looks whether the caller is still let in. */
const QUIET_MS = 15_000;
/** A reader that takes nothing for so long is cut off. */
const STALL_MS = 60_000;

/** Who reads, as long as he may. */
export interface Reader {
  /** Milliseconds since the epoch; null: he is asked for again and again only. */
  readonly expiresAt: number | null;
  readonly isLetIn: () => Promise<boolean>;
}

export class LiveStream {
  readonly #raw: ServerResponse;
  readonly #runtime: Pick<Runtime, 'now' | 'sleep'>;
  /** Since when the caller takes no more, in milliseconds since the epoch. */
  #blockedAt: number | null = null;
  /** Something was left out. */
  #isBehind = false;

  constructor(raw: ServerResponse, runtime: Pick<Runtime, 'now' | 'sleep'>) {
    this.#raw = raw;
    this.#runtime = runtime;
  }

  /** Null: something may have been missed. */
  tell(change: Change | null): void {
    this.#write(frameOf(change));
  }

  /** Resolves when the caller or the server goes, or the caller is not let in any more. */
  async run(closing: AbortSignal, reader: Reader): Promise<void> {
    const gone = new AbortController();
    this.#raw.once('close', () => gone.abort());
    // He may have gone before anybody listened.
    if (this.#raw.destroyed) return;
    const over = AbortSignal.any([gone.signal, closing]);
    this.#raw.writeHead(200, SSE_HEADERS);
    this.#write(frameOf(null));
    for (;;) {
      await this.#runtime.sleep(this.#pauseOf(reader), over);
      if (over.aborted || this.#raw.destroyed || !(await reader.isLetIn())) return;
      if (this.#blockedAt === null) this.#write(': still here\n\n');
      else if (this.#runtime.now() - this.#blockedAt > STALL_MS) this.#raw.destroy();
    }
  }

  #pauseOf({ expiresAt }: Reader): number {
    return expiresAt === null ? QUIET_MS : Math.max(0, Math.min(QUIET_MS, expiresAt - this.#runtime.now()));
  }

  #write(text: string): void {
    if (this.#raw.destroyed) return;
    if (this.#blockedAt !== null) {
      this.#isBehind = true;
      return;
    }
    if (this.#raw.write(text)) return;
    this.#blockedAt = this.#runtime.now();
    this.#raw.once('drain', () => this.#drained());
  }

  #drained(): void {
    this.#blockedAt = null;
    if (!this.#isBehind) return;
    this.#isBehind = false;
    this.#write(frameOf(null));
  }
}

/** Null: read everything again. */
function frameOf(change: Change | null): string {
  const event: LiveEvent = change === null ? { type: 'sync' } : eventOf(change);
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function eventOf({ topics, executions, more }: Change): LiveEvent {
  return { type: 'changed', topics: [...topics], executions: [...executions], ...(more && { more }) };
}
