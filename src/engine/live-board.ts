/**
 * Gives the readers of this process what any process changed in their project: at most four frames a second for a
 * project, empty ones never. Where something may have been missed, a frame says that everything is to be read again,
 * so a reader that follows is never behind for longer than it takes to be told.
 */
import type { Change, LiveStore } from '../ports/live.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import { Gathering } from './gathering.ts';
import { Loop } from './loop.ts';

export interface LiveBoardOptions {
  readonly store: LiveStore;
  readonly runtime: Runtime;
}

/** Null: something may have been missed. */
export type LiveReader = (change: Change | null) => void;

/** Who reads of one project, and what they have not been told yet. */
interface Room {
  readonly readers: Set<LiveReader>;
  gathering: Gathering | undefined;
  missed: boolean;
  /** When the last frame was given. */
  givenAt: number;
}

/** Between two frames of a project. */
const EVERY_MS = 250;
const IDLE_MS = 3_600_000;
/** Executions in a frame. */
const MAX_EXECUTIONS = 100;

export class LiveBoard implements Service {
  readonly #store: LiveStore;
  readonly #runtime: Runtime;
  readonly #loop: Loop;
  readonly #rooms = new Map<string, Room>();
  #listening: Promise<void> | undefined;

  constructor({ store, runtime }: LiveBoardOptions) {
    this.#store = store;
    this.#runtime = runtime;
    this.#loop = new Loop({ name: 'live', runtime, round: () => this.#round() });
  }

  /** Resolves when this process hears the others. A process in which nobody ever reads has no connection for it. */
  async listen(): Promise<void> {
    this.#listening ??= this.#store.listen(
      (change) => this.#heard(change),
      () => this.#missed(),
    );
    try {
      await this.#listening;
    } catch (error) {
      this.#listening = undefined;
      throw error;
    }
  }

  /** Until the function that it returns is called. Whoever reads what is there after this misses nothing. */
  follow(projectId: string, reader: LiveReader): () => void {
    const room = this.#rooms.get(projectId) ?? emptyRoom();
    this.#rooms.set(projectId, room);
    room.readers.add(reader);
    return () => {
      room.readers.delete(reader);
      if (room.readers.size === 0 && this.#rooms.get(projectId) === room) this.#rooms.delete(projectId);
    };
  }

  /** How many follow. */
  readers(projectId: string): number {
    return this.#rooms.get(projectId)?.readers.size ?? 0;
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Gives what there is, whenever the last frame was. */
  async runOnce(): Promise<void> {
    for (const room of this.#rooms.values()) this.#give(room);
  }

  #heard(change: Change): void {
    const room = this.#rooms.get(change.projectId);
    if (room === undefined) return;
    room.gathering ??= new Gathering(change.projectId, MAX_EXECUTIONS);
    room.gathering.add(change);
    this.#loop.wake();
  }

  #missed(): void {
    for (const room of this.#rooms.values()) room.missed = true;
    this.#loop.wake();
  }

  async #round(): Promise<number> {
    let next = IDLE_MS;
    for (const room of this.#rooms.values()) {
      if (room.gathering === undefined && !room.missed) continue;
      const wait = room.givenAt + EVERY_MS - this.#runtime.now();
      // A clock that was set back must not put it off.
      if (wait > 0 && wait <= EVERY_MS) next = Math.min(next, wait);
      else this.#give(room);
    }
    return next;
  }

  #give(room: Room): void {
    const { gathering, missed } = room;
    if (gathering === undefined && !missed) return;
    room.gathering = undefined;
    room.missed = false;
    room.givenAt = this.#runtime.now();
    // Whoever reads everything again needs to know nothing else.
    const change = missed ? null : (gathering?.change ?? null);
    for (const reader of room.readers) reader(change);
  }
}

function emptyRoom(): Room {
  return { readers: new Set(), gathering: undefined, missed: false, givenAt: Number.NEGATIVE_INFINITY };
}
