/**
 * Those who use the processes from outside: they start executions, and start them again with the same key until
 * somebody acknowledges; they steer them, answer what they ask, and let failed ones be tried again.
 */
import type { Database, ExecutionRecord } from '../../adapters/memory/database.ts';
import { hasEnded } from '../../core/execution/index.ts';
import { DEFAULT_PROJECT, type SignalBody } from '../../ports/store.ts';
import type { NewAnswer } from '../../ports/waits.ts';
import type { SimProcess } from './process.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

interface Question {
  readonly executionId: string;
  readonly waitId: string;
  readonly reason: string;
}

export interface ClientOptions {
  readonly world: World;
  readonly database: Database;
  readonly witness: Witness;
  /** Ids of the workflows. */
  readonly workflows: readonly string[];
  readonly living: () => readonly SimProcess[];
}

/** A caller waits so long for an answer. */
const PATIENCE_MS = 6_000;
const KEY_TTL_MS = 30 * 86_400_000;
/** Retries by hand, of one execution. */
const RETRIES = 2;

export class Client {
  readonly #options: ClientOptions;
  readonly #retries = new Map<string, number>();
  #keys = 0;
  /** Starts that nobody has acknowledged and nobody has given up. */
  open = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Starts one execution, or several together; most of them with a key, and sometimes twice at once. */
  start(): void {
    const { chance } = this.#options.world;
    const workflowId = chance.pick(this.#options.workflows);
    const key = chance.happens(0.8) ? `key-${++this.#keys}` : undefined;
    this.#ask(workflowId, key);
    if (key !== undefined && chance.happens(0.2)) this.#ask(workflowId, key);
  }

  /** Something that a person may want of an execution, whatever it does at the moment. */
  steer(): void {
    const { database, world } = this.#options;
    const { chance } = world;
    const ids = [...database.executions.keys()];
    if (ids.length === 0) return;
    const id = chance.pick(ids);
    const reason = 'by a person';
    const what = chance.pick(['cancel', 'undo', 'pause', 'pause', 'resume', 'skip', 'callback']);
    if (what === 'cancel') this.#post(id, { type: 'cancel', reason });
    if (what === 'undo') this.#post(id, { type: 'cancel', reason, compensate: true });
    if (what === 'pause' || what === 'resume') this.#post(id, { type: what, reason });
    if (what === 'skip') this.#post(id, { type: 'skip', path: this.#place(id), reason });
    if (what === 'callback') this.#post(id, { type: 'callback', answer: chance.int(0, 5) });
  }

  /** Answers one of the questions that are open. */
  answer(): void {
    const { chance } = this.#options.world;
    const open = this.#questions();
    if (open.length > 0) this.#give(chance.pick(open));
  }

  /** Answers everything and lets everything go on: nobody keeps anything waiting. */
  attend(): void {
    const { database, witness } = this.#options;
    for (const question of this.#questions()) this.#give(question, true);
    for (const { id, status } of database.executions.values()) {
      if (!hasEnded(status) && witness.state(id).paused) this.#post(id, { type: 'resume', reason: 'it is late' });
    }
  }

  retry(): void {
    const { database, world } = this.#options;
    const failed = [...database.executions.values()].filter(
      ({ id, status }) =>
        (status === 'failed' || status === 'compensation_failed') && (this.#retries.get(id) ?? 0) < RETRIES,
    );
    if (failed.length === 0) return;
    const { id } = world.chance.pick(failed);
    this.#retries.set(id, (this.#retries.get(id) ?? 0) + 1);
    const from = world.chance.happens(0.3) ? { from: this.#place(id) } : {};
    this.#post(id, { type: 'retry', reason: 'by a person', ...from });
  }

  #questions(): Question[] {
    const { database, witness } = this.#options;
    return [...database.executions.values()].flatMap(({ id, status }) => {
      if (hasEnded(status)) return [];
      const open = [...witness.state(id).waits].filter(([, wait]) => wait.until === null && wait.reason !== 'child');
      return open.map(([waitId, { reason }]) => ({ executionId: id, waitId, reason }));
    });
  }

  #give({ executionId, waitId, reason }: Question, isFinal = false): void {
    const { chance } = this.#options.world;
    if (reason === 'callback' && chance.happens(0.5)) return this.#post(executionId, { type: 'callback', answer: 1 });
    const decision = chance.pick(['approved', 'rejected']);
    const final = isFinal || chance.happens(0.8);
    const given = final ? { decision, by: 'a' } : { delegate: ['c'], by: 'a' };
    const answer = reason === 'approval' ? given : { type: 'order.made' };
    this.#reply({ projectId: DEFAULT_PROJECT, waitId, answer, final: final || reason !== 'approval' });
  }

  /** Some node that the execution has come to. */
  #place(executionId: string): string {
    const { database, world } = this.#options;
    const { events } = database.executions.get(executionId) as ExecutionRecord;
    const paths = events.map(({ data }) => JSON.parse(data).path).filter((path) => typeof path === 'string');
    return paths.length === 0 ? 'n1' : world.chance.pick(paths);
  }

  /** Asks any process; where no answer comes, another one, as long as there is a key that makes this safe. */
  #ask(workflowId: string, key: string | undefined): void {
    const { world, witness } = this.#options;
    this.open += 1;
    let answered = false;
    const once = (then: () => void) => () => {
      if (answered) return;
      answered = true;
      patience.off = true;
      this.open -= 1;
      then();
    };
    const again = once(() => {
      if (key !== undefined) this.#later(() => this.#ask(workflowId, key));
    });
    const patience = world.after(PATIENCE_MS, again);
    const process = this.#anyone();
    if (process === undefined) return again();
    world.say('client', () => `asks ${process.name} for ${workflowId}${key === undefined ? '' : ` with ${key}`}`);
    this.#begin(process, workflowId, key).then(
      (executionId) => once(() => witness.acknowledged(executionId, key))(),
      () => again(),
    );
  }

  async #begin(process: SimProcess, workflowId: string, key: string | undefined): Promise<string> {
    const { world } = this.#options;
    const start = {
      projectId: DEFAULT_PROJECT,
      workflowId,
      version: 1,
      triggerId: 'manual',
      trigger: { n: world.chance.int(0, 5) },
      ...(key === undefined ? {} : { key: { key, expiresAt: world.now + KEY_TTL_MS } }),
    };
    const { starter } = process.engine;
    if (world.chance.happens(0.8)) return (await starter.start(start)).executionId;
    const [started] = await starter.startMany([start]);
    return started?.executionId as string;
  }

  #later(then: () => void): void {
    this.open += 1;
    this.#options.world.after(this.#options.world.chance.int(100, 2_000), () => {
      this.open -= 1;
      then();
    });
  }

  /** What the API does; a caller who hears of an error may or may not come back. */
  #post(executionId: string, signal: SignalBody): void {
    const { world } = this.#options;
    const process = this.#anyone();
    world.say('client', () => `asks ${process?.name} to ${signal.type} ${executionId}`);
    const posted = process?.store.executions.post({ executionId, projectId: DEFAULT_PROJECT, signal });
    posted?.then(
      () => process?.engine.wake(),
      () => undefined,
    );
  }

  #reply(answer: NewAnswer): void {
    const { world } = this.#options;
    const process = this.#anyone();
    world.say('client', () => `answers ${answer.waitId} by ${process?.name}: ${JSON.stringify(answer.answer)}`);
    process?.store.waits.answer([answer], world.now).then(
      (results) => {
        world.say('client', () => `hears that the answer to ${answer.waitId} is ${results[0]}`);
        process.engine.wake();
      },
      () => undefined,
    );
  }

  #anyone(): SimProcess | undefined {
    const living = this.#options.living();
    return living.length === 0 ? undefined : this.#options.world.chance.pick(living);
  }
}
