/**
 * What a node type is. A type is one of three kinds, told apart by the method it has:
 * a step is decided in memory and returns an instruction; a task acts on the world and is run by a worker;
 * a container runs bodies. Adding one: a file in `nodes/`, a line in `nodes/registry.ts`.
 */
import type { z } from 'zod';
import type { Effect } from './effect.ts';
import type { ErrorInfo } from './errors.ts';
import type { Env } from './expression/env.ts';
import type { Json } from './json.ts';
import type { Usage } from './money.ts';
import type { SessionEvent, SessionEventOf } from './session/events.ts';

interface NodeTypeBase<C> {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  /** A config that validates; shown in the docs, tried by a test. */
  readonly example: { readonly [key: string]: Json };
  /** The config as written, so with `{{ }}` templates; wrap what may be a template in `dynamic()`. */
  readonly config: z.ZodType<C>;
  /** Fields that a form shows at once and in this order, set or not; default those that are required. */
  readonly first?: readonly string[];
  /** Ports that edges may leave by. A type whose ports depend on the config reads it as written. */
  ports(config: C): readonly string[];
  effect(config: C): Effect;
  /** Fields that hold no templates to resolve before the start: bodies, JSON Schemas, source code. */
  readonly raw?: readonly string[];
  /** Fields whose templates are resolved later, with these variables besides. */
  readonly deferred?: Readonly<Record<string, readonly string[]>>;
}

/** Decided in memory, in the engine's own thread: no I/O, no clock. `config` has its templates resolved. */
export interface StepNode<C = unknown> extends NodeTypeBase<C> {
  step(config: C, input: StepInput): Instruction;
  /** Something came for a node that waits by `await`; it may wait on, with other details or timers. */
  hear?(details: unknown, heard: Heard, input: StepInput): Instruction;
}

/** What comes to a node that waits: an answer from outside, or one of its timers by name. */
export type Heard = { readonly answer: unknown } | { readonly timer: string };

export interface StepInput {
  /** `$json`. */
  readonly json: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly env: Env;
  readonly projectId: string;
}

export type Instruction =
  | { readonly do: 'complete'; readonly output: unknown; readonly port?: string }
  | { readonly do: 'fail'; readonly error: ErrorInfo }
  /** Sleep until (ms since the epoch), then complete with the input. */
  | { readonly do: 'sleep'; readonly until: number }
  /** Wait for an answer from outside, or for the first of the timers; `hear` says how it goes on. */
  | ({ readonly do: 'await' } & Await)
  /** Start a child execution of a workflow, by name or id. */
  | { readonly do: 'call'; readonly workflow: string; readonly input: unknown; readonly wait: boolean }
  /** Answer the caller who waits (`respond: result`); the node completes with its input. */
  | { readonly do: 'respond'; readonly response: Response }
  /** Publish a message; the node completes with `{ id }`. */
  | { readonly do: 'emit'; readonly message: Emission };

/** What an `emit` node publishes; a CloudEvent is made of it. */
export interface Emission {
  readonly type: string;
  readonly data: unknown;
  /** Messages of one key stay in order. */
  readonly key?: string;
  readonly topic?: string;
  /** Address of the schema that `data` was checked by. */
  readonly dataschema?: string;
}

export const AWAIT_KINDS = ['approval', 'callback', 'event'] as const;
export type AwaitKind = (typeof AWAIT_KINDS)[number];

export interface Await {
  /** Who answers: a person, the holder of a callback URL, or an event. */
  readonly kind: AwaitKind;
  /** JSON: what the one who answers sees, and all that `hear` needs. */
  readonly details: unknown;
  /** `at` in milliseconds since the epoch. */
  readonly timers: readonly { readonly name: string; readonly at: number }[];
}

/** What a `respond` node answers to the caller of a webhook. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Run by a worker, after everything before it is durable. `config` has its templates and secrets resolved. */
export interface TaskNode<C = unknown> extends NodeTypeBase<C> {
  run(config: C, task: TaskContext): Promise<NodeResult>;
  /** What it calls, such as `api.example.com:443` or `model:NAME`; calls to one share a circuit and a limit. */
  dependency?(config: C): string | undefined;
  /** Its text goes out as it comes, by `ports/tokens`; the output has it whole in `text`, and its model in `model`. */
  readonly streams?: true;
  /** Of one that sends messages: where they go, in the terms of its broker. The feed of events sends by it too. */
  target?(config: C): Readonly<Record<string, unknown>>;
  /** For `reconcilable`: what became of an attempt nobody saw the end of; null when it never happened. */
  reconcile?(config: C, task: TaskContext): Promise<NodeResult | null>;
  /** For one that is paid: what an attempt may cost, known before it starts and reserved by the commit that starts it. */
  charge?(config: C): Charge;
  /** What an attempt did cost, from its output. */
  paid?(output: unknown): Paid;
}

/** Of one attempt. Amounts in nanos (core/money). */
export interface Charge {
  readonly model: string;
  /** It never costs more. */
  readonly estimate: number;
  readonly currency: string;
  readonly session: string | null;
  readonly userId: string | null;
  /** What people have allowed besides the limit of an account; each id counts once. */
  readonly grants: readonly { readonly account: string; readonly id: string; readonly amount: number }[];
}

export interface Paid {
  readonly model: string;
  readonly usage: Usage;
  readonly cost: number;
  readonly responseId?: string;
}

interface TaskConnection {
  readonly id: string;
  /** Milliseconds since the epoch; another where anything of it is another. */
  readonly updatedAt: number;
  /** As its type has it (core/connections). */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface TaskContext {
  readonly executionId: string;
  readonly projectId: string;
  /** Address of the node, such as `each[3]/fetch`. */
  readonly path: string;
  /** From 1. */
  readonly attempt: number;
  /** The same for every attempt of this node in this execution. */
  readonly idempotencyKey: string;
  /** Aborted by time-out, cancel and shutdown. Every wait of a task must end with it. */
  readonly signal: AbortSignal;
  /** `$json`. */
  readonly input: unknown;
  /** The workflow masks what comes from outside: nothing of it may leave before its result was masked. */
  readonly isMasked: boolean;
  /**
   * A connection of the project with its secrets, which the engine keeps out of results and errors. Throws
   * `connection_missing`, `connection_sealed`.
   */
  connection(name: string, type: string): Promise<TaskConnection>;
  /** A text from outside without the secrets that this task knows: for what it writes down by another way than its result. */
  redact(text: string): string;
  /** The variables of an expression at this place (a code node shows them to its code). */
  readonly env: Env;
}

export interface NodeResult {
  /** JSON. */
  readonly output: unknown;
  readonly port?: string;
}

/** Runs bodies, each a graph of its own, once per item or branch. */
export interface ContainerNode<C = unknown> extends NodeTypeBase<C> {
  /** The bodies by key: one under `body`, or the branches by name. */
  bodies(config: C): Readonly<Record<string, { readonly nodes: unknown; readonly edges: unknown }>>;
  open(config: C, input: StepInput): Iteration;
  /** A failure inside is undone inside, by the compensations of its nodes, before the container fails. */
  readonly undoes?: true;
  /** Field with a condition evaluated before each iteration, with `$index` and `$results`. */
  readonly condition?: string;
  /** Where a body stands in the config, such as `tools[2]`; default its key. */
  place?(config: C, body: string): string;
  /** It chooses what runs next from what came before, as an agent does: `open` gives it a memo. */
  readonly director?: Director;
}

/**
 * The rule of a container whose iterations are turns that it chooses. All of it is decided from what is recorded, so
 * a new owner comes to the same choice. A turn that failed is told, and does not fail the container.
 */
export interface Director {
  /** What comes next, once every turn before has ended. */
  direct(known: Known): Direction;
  /** `$json` in the body of a turn, from what was known when it was chosen. */
  feed(known: Known, choice: Choice): unknown;
  /** Node in the bodies whose output it hears before the turn has ended. */
  readonly hears?: string;
  /** Node in the bodies that has what people were asked for and granted; a grant in the config of another is a claim. */
  readonly grants?: string;
  /** The error with which a turn fails instead of being tried again; absent, or undefined: it is tried again. */
  giveUp?(known: Known, choice: Choice, failed: FailedAttempt): ErrorInfo | undefined;
  /** What a session hears of it; absent, or without a session: nothing. */
  record?(known: Known, news: News): readonly SessionEvent[];
}

/** What a director decides from. */
export interface Known {
  /** Fields of the config that hold no templates. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly memo: unknown;
  readonly executionId: string;
  /** Address of the container. */
  readonly path: string;
  readonly turns: readonly Turn[];
  /** A person lets it go on after a failure: what failed before this turn counts no more. */
  readonly forgiven: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The strongest effect in a body. */
  effectOf(body: string): Effect;
  /** `$json` of the container. */
  readonly input: unknown;
  /** Variables as at the container, with this `$json`. */
  env(json: unknown): Env;
}

export interface Choice {
  readonly body: string;
  /** JSON: what is recorded of the choice. */
  readonly item: unknown;
}

export interface Turn extends Choice {
  readonly startedAt: number;
  /** What the node that the director hears came to; `at` in milliseconds since the epoch. */
  readonly heard?: { readonly at: number; readonly output: unknown };
  /** Absent: it has not ended. */
  readonly endedAt?: number;
  readonly output?: unknown;
  readonly error?: ErrorInfo;
}

/** An attempt in a turn that its policy would have tried again. */
export interface FailedAttempt {
  readonly error: ErrorInfo;
  /** When the next one would begin, in milliseconds since the epoch. */
  readonly until: number;
}

export type Direction =
  /** These, at the same time; at least one. */
  | { readonly do: 'run'; readonly choices: readonly Choice[] }
  | { readonly do: 'complete'; readonly output: unknown; readonly port?: string }
  | { readonly do: 'fail'; readonly error: ErrorInfo };

export type News =
  | { readonly is: 'opened' }
  | { readonly is: 'began' | 'heard' | 'ended'; readonly index: number }
  | { readonly is: 'completed'; readonly output: unknown }
  | { readonly is: 'failed'; readonly error: ErrorInfo };

/** The conversation that a directed container carries on. */
export interface SessionRef {
  readonly start: SessionEventOf<'agent.session.started'>['data'];
  readonly category?: string;
  readonly tags?: readonly string[];
}

/** How a container goes round; recorded in its `node.started` event. */
export interface Iteration {
  /** For-each: one iteration per item, `$item` and `$json` are the item. */
  readonly items?: readonly unknown[];
  /** Number of iterations; absent: until the condition is false. */
  readonly total?: number;
  /** Branch names: iteration i runs the body of that name, and the result is an object by name. */
  readonly branches?: readonly string[];
  /** How many run at the same time. */
  readonly limit: number;
  /** More iterations than this fail the node with `limit_exceeded`. */
  readonly max: number;
  readonly onItemError: 'fail' | 'skip' | 'collect';
  /** One iteration, whose result is the output. */
  readonly single?: true;
  /** Of a directed container: JSON, what its config came to. Its iterations are turns. */
  readonly memo?: unknown;
  readonly session?: SessionRef;
  /** What everything inside may cost together, in nanos. */
  readonly costLimit?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds types of different configs
export type NodeType = StepNode<any> | TaskNode<any> | ContainerNode<any>;

export type NodeTypes = ReadonlyMap<string, NodeType>;

export const isStep = (type: NodeType): type is StepNode => 'step' in type;
export const isTask = (type: NodeType): type is TaskNode => 'run' in type;
export const isContainer = (type: NodeType): type is ContainerNode => 'bodies' in type;
export const directorOf = (type: NodeType): Director | undefined => (isContainer(type) ? type.director : undefined);

/** Fields that are handed to the type as they are written. */
export const rawFieldsOf = (type: NodeType): string[] => [...(type.raw ?? []), ...Object.keys(type.deferred ?? {})];
