/**
 * Who may begin now. Pure: what waits and what is taken comes in, what to do goes out. Only one process at a time asks
 * and writes down the answer, so that no limit is ever passed, whatever the number of processes.
 */
import type { Gate, Ticket } from './ticket.ts';

export interface Waiting {
  readonly executionId: string;
  /** Order of acceptance; smaller is earlier. */
  readonly position: number;
  /** When it began to wait, and when the first that it stands for did (ms since the epoch). */
  readonly queuedAt: number;
  readonly since: number;
  readonly ticket: Ticket;
}

/** The first tickets of a lane, in order; `more`: there are others behind them. */
export interface Lane {
  readonly tickets: readonly Waiting[];
  readonly more: boolean;
}

/** Slots of a lane that are taken, and when the next of them becomes free by time (ms since the epoch). */
export interface Taken {
  readonly count: number;
  readonly freeAt: number | null;
}

export interface Look {
  readonly now: number;
  readonly lanes: readonly Lane[];
  /** By lane of a gate; a lane of which nothing is taken may be missing. */
  readonly taken: ReadonlyMap<string, Taken>;
}

export interface Admission {
  /** These begin, each with its slots. */
  readonly admit: readonly { readonly executionId: string; readonly slots: readonly Slot[] }[];
  /** These end canceled: another stands for them. */
  readonly drop: readonly { readonly executionId: string; readonly reason: string }[];
  /** These have gathered, and wait for their gates now. */
  readonly move: readonly { readonly executionId: string; readonly gates: readonly Gate[] }[];
  /** Each of these becomes a batch of the triggers of `members`, itself the first. */
  readonly batch: readonly { readonly executionId: string; readonly members: readonly string[] }[];
  /** These stand for others by now, the first of which began to wait then. */
  readonly since: readonly { readonly executionId: string; readonly since: number }[];
  /** When something is due by time; null: only when something else happens. */
  readonly nextAt: number | null;
  /** Another look may find more at once. */
  readonly more: boolean;
}

interface Slot {
  readonly lane: string;
  readonly expiresAt: number | null;
}

/** Characters of all triggers of a batch, about: it is closed before it becomes larger. */
export const MAX_BATCH_SIZE = 4 * 1024 * 1024;

export function admit(look: Look): Admission {
  const draft = new Draft(look);
  const atGates: Waiting[] = [];
  for (const lane of look.lanes) {
    const gather = lane.tickets[0]?.ticket.gather;
    if (gather?.kind === 'debounce') draft.debounce(lane);
    else if (gather?.kind === 'batch') draft.gather(lane);
    else atGates.push(...lane.tickets);
  }
  draft.pass(atGates.sort((a, b) => a.position - b.position));
  for (const { tickets, more } of look.lanes) if (more && tickets.every((one) => draft.isDone(one))) draft.more = true;
  return draft;
}

class Draft implements Admission {
  readonly admit: { executionId: string; slots: Slot[] }[] = [];
  readonly drop: { executionId: string; reason: string }[] = [];
  readonly move: { executionId: string; gates: readonly Gate[] }[] = [];
  readonly batch: { executionId: string; members: string[] }[] = [];
  readonly since: { executionId: string; since: number }[] = [];
  nextAt: number | null = null;
  more = false;
  readonly #now: number;
  readonly #taken: Map<string, Taken>;
  /** Tickets that do not wait in their lane any more. */
  readonly #done = new Set<string>();

  constructor({ now, taken }: Look) {
    this.#now = now;
    this.#taken = new Map(taken);
  }

  isDone({ executionId }: Waiting): boolean {
    return this.#done.has(executionId);
  }

  /** The latest stands for all before it. While more lie behind it, it is not the latest. */
  debounce({ tickets, more }: Lane): void {
    const last = tickets.at(-1)!;
    const others = tickets.slice(0, -1);
    for (const one of others) this.#drop(one, `a later start took over: execution ${last.executionId}`);
    if (more) this.more = true;
    const since = Math.min(...tickets.map((one) => one.since));
    const { waitMs, maxMs } = last.ticket.gather as Extract<Ticket['gather'], { kind: 'debounce' }>;
    const due = Math.min(last.queuedAt + waitMs, maxMs === null ? Number.POSITIVE_INFINITY : since + maxMs);
    if (!more && due <= this.#now) return this.#gathered(last);
    if (since < last.since) this.since.push({ executionId: last.executionId, since });
    if (!more) this.#due(due);
  }

  /** Batch after batch, as long as one is full or its time is over. */
  gather({ tickets, more }: Lane): void {
    let rest = tickets;
    while (rest.length > 0) {
      const first = rest[0]!;
      const { size, waitMs } = first.ticket.gather as Extract<Ticket['gather'], { kind: 'batch' }>;
      const count = countOf(rest, size);
      const isFull = count === size || count < rest.length;
      const due = first.queuedAt + waitMs;
      if (!isFull && due > this.#now) return this.#due(due);
      const members = rest.slice(0, count);
      for (const one of members.slice(1)) this.#drop(one, `gathered into a batch: execution ${first.executionId}`);
      this.batch.push({ executionId: first.executionId, members: members.map((one) => one.executionId) });
      this.#gathered(first);
      rest = rest.slice(count);
    }
    if (more) this.more = true;
  }

  /** In order, over all lanes; the first of a lane that finds no room stops those behind it. */
  pass(tickets: readonly Waiting[]): void {
    const stopped = new Set<string>();
    for (const one of tickets) {
      const { lane, gates } = one.ticket;
      if (stopped.has(lane)) continue;
      if (gates.every((gate) => this.#hasRoom(gate))) this.#admit(one);
      else stopped.add(lane);
    }
  }

  #drop(one: Waiting, reason: string): void {
    this.#done.add(one.executionId);
    this.drop.push({ executionId: one.executionId, reason });
  }

  #gathered(one: Waiting): void {
    const { gates } = one.ticket;
    if (gates.length === 0) return this.#admit(one);
    this.#done.add(one.executionId);
    this.move.push({ executionId: one.executionId, gates });
    this.more = true;
  }

  #hasRoom({ lane, limit }: Gate): boolean {
    const { count, freeAt } = this.#taken.get(lane) ?? NOTHING;
    if (count < limit) return true;
    if (freeAt !== null) this.#due(freeAt);
    return false;
  }

  #admit({ executionId, ticket }: Waiting): void {
    const slots = ticket.gates.map(({ lane, perMs }) => ({
      lane,
      expiresAt: perMs === null ? null : this.#now + perMs,
    }));
    for (const { lane, expiresAt } of slots) {
      const { count, freeAt } = this.#taken.get(lane) ?? NOTHING;
      this.#taken.set(lane, { count: count + 1, freeAt: freeAt ?? expiresAt });
    }
    this.#done.add(executionId);
    this.admit.push({ executionId, slots });
  }

  #due(at: number): void {
    this.nextAt = Math.min(at, this.nextAt ?? at);
  }
}

const NOTHING: Taken = { count: 0, freeAt: null };

/** The admission without what is said of executions that have moved on meanwhile, and without their batches. */
export function without(admission: Admission, gone: ReadonlySet<string>): Admission {
  if (gone.size === 0) return admission;
  const { admit: all, drop, move, batch } = admission;
  const broken = batch.filter(({ executionId }) => gone.has(executionId));
  const spared = new Set(broken.flatMap(({ members }) => members));
  return {
    ...admission,
    admit: all.filter(({ executionId }) => !gone.has(executionId)),
    drop: drop.filter(({ executionId }) => !spared.has(executionId)),
    move: move.filter(({ executionId }) => !spared.has(executionId)),
    batch: batch.filter((one) => !broken.includes(one)),
    // Their tickets are there still; looking at them again at once would find the same.
    more: false,
  };
}

/** How many of the first tickets fit one batch: at least one. */
function countOf(tickets: readonly Waiting[], size: number): number {
  let total = 0;
  for (const [index, { ticket }] of tickets.slice(0, size).entries()) {
    total += ticket.size;
    if (index > 0 && total > MAX_BATCH_SIZE) return index;
  }
  return Math.min(size, tickets.length);
}
