/** Drives an execution through the core alone: tasks, timers and children answer as the test says, in any order. */
import { z } from 'zod';
import type { Definition } from '../core/definition/schema.ts';
import { validate } from '../core/definition/validate.ts';
import {
  type Command,
  type DecisionEnv,
  type Demand,
  decide,
  type ExecutionEvent,
  type ExecutionState,
  hasEnded,
  hasMore,
  newState,
  next,
  type Test,
  taskInput,
} from '../core/execution/index.ts';
import type { NodeTypes, TaskNode } from '../core/node-type.ts';
import { compilePlan } from '../core/plan/compile.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { ModelCard } from '../ports/model.ts';
import { triggerTypes } from '../triggers/registry.ts';

const actConfig = z.strictObject({
  effect: z.enum(['read', 'irreversible', 'reconcilable']).optional(),
  input: z.unknown().optional(),
});

/** A task whose results the test gives; its effect is the one its config names. */
const act: TaskNode<z.infer<typeof actConfig>> = {
  type: 'act',
  version: 1,
  description: 'A task of the tests.',
  example: {},
  config: actConfig,
  ports: () => ['out', 'error'],
  effect: (config) => config.effect ?? 'read',
  run: async () => ({ output: null }),
  reconcile: async () => null,
};

/** A model of the name `twins` stands for two, `m:small` can read little; all cost a dollar for a million tokens. */
const card = (name: string): ModelCard => ({
  name,
  price: { version: '1', currency: 'USD', input: 1, output: 1 },
  window: name === 'm:small' ? 2_000 : null,
  maxOutputTokens: 100,
  retrievable: false,
  tries: name === 'twins' ? ['scripted:a', 'scripted:b'] : [],
  concurrency: null,
  perMinute: null,
  timeoutMs: null,
});

/** All node types, and `act`; nothing of them is run here. */
const models = { ...ABSENT.models, card };
const driveTypes: NodeTypes = new Map([...createNodeTypes({ ...ABSENT, models }), ['act', act]]);

export const driveCatalog = { nodes: driveTypes, triggers: triggerTypes };

/** What the execution asked for and nobody has answered yet. */
export type Open = Extract<Demand, { kind: 'task' | 'arm' | 'child' }>;

export class Drive {
  readonly state: ExecutionState;
  readonly history: ExecutionEvent[] = [];
  /** Everything it ever asked for. */
  readonly demands: Demand[] = [];
  open: Open[] = [];
  #clock = 1_000_000;
  #ids = 0;

  constructor(document: Omit<Definition, 'name'>, trigger: unknown = {}, test?: Test) {
    const definition = validate({ name: 'test', ...document }, driveCatalog);
    const plan = compilePlan(definition, { workflowId: 'w', version: 1 }, driveTypes);
    this.state = newState('e', 'p', plan);
    this.tell({ type: 'create', triggerId: 'manual', trigger, ...(test && { test }) });
    this.tell({ type: 'advance' });
  }

  get status(): string {
    return this.state.status;
  }

  /** Decides the command and everything that follows without an answer from outside. */
  tell(command: Command): ExecutionEvent[] {
    const events = decide(this.state, command, this.#env());
    this.history.push(...events);
    if (command.type !== 'create') {
      for (let rounds = 0; hasMore(this.state) && rounds < 10_000; rounds++) {
        this.history.push(...decide(this.state, { type: 'advance' }, this.#env()));
      }
    }
    for (const demand of next(this.state)) this.#take(demand);
    return events;
  }

  complete(path: string, output: unknown = null, port?: string): void {
    const { attempt } = this.#task(path);
    this.tell({ type: 'task-completed', path, attempt, result: port === undefined ? { output } : { output, port } });
  }

  fail(path: string, kind: 'permanent' | 'transient' = 'permanent', code = 'node_failed', data?: unknown): void {
    const { attempt } = this.#task(path);
    const error = { code, kind, message: `${path} failed`, ...(data === undefined ? {} : { data }) };
    this.tell({ type: 'task-failed', path, attempt, error });
  }

  /** What the task at this address would be run with. */
  input(path: string): unknown {
    return taskInput(this.state, path, () => '').resolve();
  }

  /** Answers the question that is open. */
  answer(answer: unknown): void {
    const wait = this.demands.findLast((one) => one.kind === 'await');
    if (wait?.kind !== 'await') throw new Error('nobody is asked');
    this.tell({ type: 'answer', waitId: wait.waitId, answer });
  }

  /** Fires the timer armed first. */
  fire(): void {
    const timer = this.open.find((one) => one.kind === 'arm');
    if (timer?.kind !== 'arm') throw new Error('no timer is armed');
    this.open = this.open.filter((one) => one !== timer);
    this.#clock = Math.max(this.#clock, timer.at);
    this.tell({ type: 'timer', timerId: timer.timerId });
  }

  types(): string[] {
    return this.history.map((event) => event.type);
  }

  get ended(): boolean {
    return hasEnded(this.state.status);
  }

  #task(path: string): Extract<Open, { kind: 'task' }> {
    const task = this.open.find((one) => one.kind === 'task' && one.path === path);
    if (task?.kind !== 'task') throw new Error(`no task at ${path}; open are ${JSON.stringify(this.open)}`);
    this.open = this.open.filter((one) => one !== task);
    return task;
  }

  #take(demand: Demand): void {
    this.demands.push(demand);
    if (demand.kind === 'task' || demand.kind === 'arm' || demand.kind === 'child') this.open.push(demand);
    if (demand.kind === 'disarm') {
      this.open = this.open.filter((one) => one.kind !== 'arm' || one.timerId !== demand.timerId);
    }
  }

  #env(): DecisionEnv {
    this.#clock += 1;
    return { now: this.#clock, id: () => `id-${++this.#ids}`, random: () => 0.5 };
  }
}
