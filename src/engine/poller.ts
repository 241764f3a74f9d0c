/**
 * Does the polls that are due. Any number of processes may do it: a poll is in the hands of one, and what it starts is
 * one transaction with how far it has come. Who lost it meanwhile, by being too slow or by a new version, writes nothing.
 */
import { parseDuration } from '../core/duration.ts';
import { type ErrorInfo, MyelinError, toErrorInfo } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { gapOf } from '../core/poll/config.ts';
import { pauseAfter, pauseAfterFailure } from '../core/poll/pace.ts';
import { byCursor, byHash, type Item, type Selection } from '../core/poll/select.ts';
import type { DuePoll } from '../ports/polls.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Commit, Store } from '../ports/store.ts';
import type { Changed } from './changes.ts';
import { queuedStart } from './child.ts';
import type { Dependencies } from './dependencies.ts';
import { Loop } from './loop.ts';
import type { Plans } from './plans.ts';
import { configOf, type Look, look, type PollSourceNeeds } from './poll-source.ts';
import { PollTurn } from './poll-turn.ts';
import { redactError } from './redact.ts';
import type { TriggerStates } from './trigger-states.ts';
import { isUnavailable } from './unavailable.ts';

export interface PollerOptions extends PollSourceNeeds {
  readonly store: Store['polls'];
  readonly plans: Plans;
  readonly states: TriggerStates;
  /** What tasks depend on, polls do too. */
  readonly dependencies?: Pick<Dependencies, 'enter'> | undefined;
  readonly runtime: Runtime;
  readonly changed?: Changed;
}

/** Polls of this process at the same time. */
const AT_ONCE = 20;
/** News may be lost, and others tell how a poll goes. */
const LOOK_MS = 5_000;
/** Longer than any poll takes: whoever has one in hand for longer is dead, or as good as that. */
const HELD_MS = 150_000;
const EVERY_MS = 60_000;

export class Poller implements Service {
  readonly #options: PollerOptions;
  readonly #loop: Loop;
  readonly #over = new AbortController();
  readonly #atWork = new Set<Promise<void>>();
  /** Those whose state this process tells. */
  #told = new Map<string, string>();

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'poller', runtime: options.runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#over.abort(new MyelinError('interrupted', 'The process stops.'));
    await this.#loop.stop();
    await Promise.all(this.#atWork);
  }

  async runOnce(): Promise<void> {
    await this.#loop.runOnce();
    await Promise.all(this.#atWork);
  }

  /** Polls were written. */
  wake(): void {
    this.#loop.wake();
  }

  async #round(): Promise<number> {
    const { store, runtime } = this.#options;
    const room = AT_ONCE - this.#atWork.size;
    await this.#tell();
    if (room === 0) return LOOK_MS;
    const now = runtime.now();
    const { taken, nextAt } = await store.take(now, now + HELD_MS, room);
    for (const poll of taken) this.#begin(poll);
    if (taken.length === room) return LOOK_MS;
    return nextAt === null ? LOOK_MS : Math.min(LOOK_MS, Math.max(1, nextAt - runtime.now()));
  }

  /** All processes tell the same of every poll, whoever did it last. */
  async #tell(): Promise<void> {
    const { store, states } = this.#options;
    const rows = await store.list();
    const known = this.#told;
    this.#told = new Map(rows.map((row) => [row.triggerId, row.projectId]));
    for (const [id, projectId] of known) if (!this.#told.has(id)) states.drop({ id, projectId });
    for (const { triggerId: id, projectId, polledAt, error } of rows) {
      if (error !== null) states.failed({ id, projectId }, error);
      else if (polledAt === null) states.starting({ id, projectId });
      else states.running({ id, projectId });
    }
  }

  #begin(poll: DuePoll): void {
    const { runtime } = this.#options;
    const work: Promise<void> = this.#poll(poll)
      .catch((thrown) => {
        // It stays in hand for a while, and then somebody does it again.
        runtime.log.warn({ ...about(poll), error: toErrorInfo(thrown, 'internal') }, 'a poll could not be written');
      })
      .finally(() => {
        this.#atWork.delete(work);
        this.#loop.wake();
      });
    this.#atWork.add(work);
  }

  async #poll(poll: DuePoll): Promise<void> {
    const { runtime } = this.#options;
    const read = new Map<string, string>();
    const turn = new PollTurn(this.#options, poll.projectId, gapOf(poll.trigger.config), this.#over.signal);
    const of = { poll, now: runtime.now(), turn, read };
    let everyMs = EVERY_MS;
    try {
      const config = configOf(poll);
      everyMs = parseDuration(config.every);
      await this.#advance({ ...of, config }, everyMs);
    } catch (thrown) {
      if (isUnavailable(thrown)) throw thrown;
      await this.#fail(of, thrown, everyMs);
    } finally {
      turn.end();
    }
  }

  async #advance(of: Look, everyMs: number): Promise<void> {
    const { store, states, runtime, changed } = this.#options;
    const { poll, config, now } = of;
    const selection = await this.#select(of);
    const isFirst = !poll.begun && config.first !== 'all';
    const commits = isFirst ? [] : await this.#starts(of, selection.fresh);
    const { cursor, forget, remember, more } = selection;
    const isMine = await store.step(poll, {
      ...{ commits, cursor, forget, remember, polledAt: now, failures: 0, error: null },
      begun: poll.begun || config.first === 'all' || !more,
      dueAt: runtime.now() + pauseAfter(everyMs, more),
      freeAt: of.turn.freeAt,
    });
    if (!isMine) return;
    states.running(poll.trigger);
    states.took(poll.trigger, commits.length);
    // Its times are other ones now, also where it has found nothing new.
    changed?.(poll.projectId, commits.length > 0 ? ['executions', 'triggers'] : ['triggers']);
  }

  async #select(of: Look): Promise<Selection> {
    const { store } = this.#options;
    const { poll, config } = of;
    const { items, truncated } = await look(this.#options, of);
    const ids = items.map(({ id }) => id);
    const known = { cursor: poll.cursor, begun: poll.begun, seen: await store.seen(poll, ids) };
    return config.cursor === undefined ? byHash(items, known, truncated) : byCursor(items, known, truncated);
  }

  async #starts({ poll, now }: Look, items: readonly Item[]): Promise<Commit[]> {
    const { plans, runtime } = this.#options;
    const { projectId, trigger } = poll;
    if (items.length === 0) return [];
    const plan = await plans.get(projectId, trigger.workflowId, trigger.version);
    const env = { now, id: () => runtime.id(), random: () => runtime.random() };
    const of = { projectId, plan, triggerId: trigger.name };
    return items.map((one) => queuedStart(env, { ...of, executionId: runtime.id(), trigger: triggerOf(one, now) }));
  }

  /** Nothing is lost: the next poll begins where this one did. */
  async #fail({ poll, now, turn, read }: Omit<Look, 'config'>, thrown: unknown, everyMs: number): Promise<void> {
    const { store, states, runtime, changed } = this.#options;
    const { cursor, begun } = poll;
    const stopped = this.#over.signal.aborted;
    const whole = redactError(toErrorInfo(thrown, 'internal'), read);
    const { code, kind, message } = whole;
    // It has not looked: the circuit says when it may, and others may close it until then.
    const refused = code === 'circuit_open';
    const failures = stopped || refused ? poll.failures : poll.failures + 1;
    const error: ErrorInfo | null = { code, kind, message };
    const pauseMs = stopped ? 0 : refused ? askedMs(whole) : pauseAfterFailure(everyMs, failures, askedMs(whole));
    const dueAt = runtime.now() + pauseMs;
    const rest = { commits: [], cursor, begun, forget: false, remember: [], freeAt: turn.freeAt };
    const isMine = await store.step(poll, { ...rest, dueAt, polledAt: now, failures, error: stopped ? null : error });
    if (!isMine || stopped) return;
    states.failed(poll.trigger, error);
    changed?.(poll.projectId, ['triggers']);
    runtime.log.warn({ ...about(poll), error, failures, pauseMs }, 'a poll failed');
  }
}

/** `$trigger`. */
function triggerOf({ value, cursor }: Item, now: number) {
  return { item: value, ...(cursor !== undefined && { cursor }), polledAt: new Date(now).toISOString() };
}

/** How long the target asks to be left alone. */
function askedMs({ data }: ErrorInfo): number {
  return isObject(data) && typeof data.retryAfterMs === 'number' ? data.retryAfterMs : 0;
}

const about = ({ projectId, triggerId, trigger }: DuePoll) => ({
  ...{ projectId, triggerId, workflow: trigger.workflowName, trigger: trigger.name },
});
