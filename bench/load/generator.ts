/**
 * HTTP load on few CPU cycles, as a process of its own: `node bench/load/generator.ts '{"url":"http://…"}'`
 * prints one JSON line, a `LoadResult`. Closed loop: each connection sends when its answer has come. Open loop (`rate`): request
 * i is due at `start + i / rate` and its latency counts from there, so that a stall of the server is not left out
 * because nobody asked during it. A timer is about 1 ms coarse, which is part of what the open loop measures.
 */
import { Connection } from './connection.ts';
import { Histogram } from './histogram.ts';
import type { LoadOptions, LoadResult } from './options.ts';
import { RequestBytes } from './request-bytes.ts';

const TICK_MS = 1;
const WATCH_MS = 250;
const DRAIN_MS = 5;

class Load {
  private readonly rate: number | undefined;
  private readonly timeoutMs: number;
  private readonly start = performance.now();
  /** Of the measured time. */
  private readonly begin: number;
  private readonly end: number;
  /** Open loop: number of the first request that is measured, and of all. */
  private readonly first: number;
  private readonly total: number;
  private readonly requests = new Map<Connection, RequestBytes>();
  private readonly free = new Set<Connection>();
  private readonly histogram = new Histogram();
  private readonly statusCounts: Record<string, number> = {};
  private readonly onDone: (result: LoadResult) => void;
  private counter: number;
  private sent = 0;
  private errors = 0;
  private last: number;
  private done = false;

  constructor(options: LoadOptions, onDone: (result: LoadResult) => void) {
    const { warmup = 2, seconds = 10, timeout = 30, rate } = options;
    this.rate = rate;
    this.timeoutMs = timeout * 1000;
    this.begin = this.start + warmup * 1000;
    this.end = this.begin + seconds * 1000;
    this.first = Math.ceil(warmup * (rate ?? 0));
    this.total = Math.ceil((warmup + seconds) * (rate ?? 0));
    this.last = this.end;
    this.counter = options.counterStart ?? 0;
    this.onDone = onDone;
    this.connect(options);
    if (rate !== undefined) this.tick(rate);
    this.watch();
  }

  private connect(options: LoadOptions): void {
    const { hostname, port } = new URL(options.url);
    for (let index = 0; index < (options.connections ?? 32); index += 1) {
      const connection = new Connection(hostname.replace(/^\[|\]$/g, ''), Number(port || 80), {
        onFree: (free) => this.onFree(free),
        onAnswer: (due, status) => this.onAnswer(due, status),
        onClose: (closed, due) => this.onClose(closed, due),
      });
      this.requests.set(connection, new RequestBytes(options));
      connection.open();
    }
  }

  private onFree(connection: Connection): void {
    const now = performance.now();
    const due = this.rate === undefined ? now : this.nextDue(this.rate);
    if (due <= now && due < this.end) this.send(connection, due);
    else this.free.add(connection);
  }

  /** When the next request is due. */
  private nextDue(rate: number): number {
    return this.sent < this.total ? this.start + (this.sent * 1000) / rate : Number.POSITIVE_INFINITY;
  }

  private send(connection: Connection, due: number): void {
    this.sent += 1;
    connection.send(this.requests.get(connection)!.withCounter(this.counter), due);
    this.counter += 1;
  }

  private onAnswer(due: number, status: number): void {
    const now = performance.now();
    if (!this.isMeasured(due, now)) return;
    this.histogram.record(now - due);
    this.statusCounts[status] = (this.statusCounts[status] ?? 0) + 1;
    if (now > this.last) this.last = now;
  }

  private onClose(connection: Connection, due: number | undefined): void {
    this.free.delete(connection);
    if (due !== undefined && this.isMeasured(due, performance.now())) this.errors += 1;
  }

  /** In the open loop what was due in the measured time counts, in the closed loop what ended in it. */
  private isMeasured(due: number, now: number): boolean {
    const at = this.rate === undefined ? now : due;
    return at >= this.begin && at < this.end;
  }

  /** Open loop: sends what is due while connections are free; what finds none is sent when one comes free. */
  private tick(rate: number): void {
    const now = performance.now();
    for (const connection of this.free) {
      const due = this.nextDue(rate);
      if (due > now) break;
      this.free.delete(connection);
      this.send(connection, due);
    }
    if (!this.done && this.sent < this.total) setTimeout(() => this.tick(rate), TICK_MS);
  }

  /** Drops what takes too long, and ends when nothing is due any more. */
  private watch(): void {
    const now = performance.now();
    const busy = [...this.requests.keys()].filter((connection) => connection.due !== undefined);
    for (const connection of busy) if (now - connection.sentAt > this.timeoutMs) connection.drop();
    const quiet = this.rate === undefined || (busy.length === 0 && this.sent >= this.total);
    if (now >= this.end && (quiet || now >= this.end + this.timeoutMs)) this.finish(busy);
    else setTimeout(() => this.watch(), now < this.end ? Math.min(WATCH_MS, Math.ceil(this.end - now)) : DRAIN_MS);
  }

  private finish(busy: readonly Connection[]): void {
    this.done = true;
    if (this.rate !== undefined) {
      this.errors += busy.filter((connection) => this.isMeasured(connection.due!, 0)).length;
      this.errors += this.total - Math.max(this.sent, this.first);
    }
    for (const connection of this.requests.keys()) connection.close();
    const seconds = (this.last - this.begin) / 1000;
    const { histogram } = this;
    this.onDone({
      requests: histogram.count,
      seconds: round(seconds),
      rate: round(histogram.count / seconds),
      errors: this.errors,
      statusCounts: this.statusCounts,
      p50: round(histogram.percentile(0.5)),
      p95: round(histogram.percentile(0.95)),
      p99: round(histogram.percentile(0.99)),
      max: round(histogram.max),
    });
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

const given = process.argv[2];
if (given === undefined) throw new Error('Give the options as one argument of JSON; see bench/load/options.ts.');
new Load(JSON.parse(given), (result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
