/** A definition compiled once per version: what the interpreter walks. Arrays by node index, no look-ups by name. */
import type { Effect } from '../effect.ts';
import type { Expression, Template } from '../expression/index.ts';
import type { FlowPlan } from '../flow/plan.ts';
import type { Mask } from '../masking/mask.ts';
import type { NodeType } from '../node-type.ts';
import type { RetryPolicy } from '../retry.ts';

export interface Plan {
  readonly workflowId: string;
  readonly name: string;
  readonly version: number;
  readonly root: Graph;
  /** Time limit of a whole execution in milliseconds; null: none. */
  readonly timeoutMs: number | null;
  readonly priority: Priority;
  /** Null: its executions wait for nothing. */
  readonly flow: FlowPlan | null;
  /** Where the outside may answer a node of an execution that waits for a callback. */
  readonly callbackUrl: (executionId: string) => string;
  /** What an execution, with all below it, may cost in nanos; null: no limit. */
  readonly costLimit: number | null;
  /** Name or id of the workflow that hears of an execution that failed; null: none. */
  readonly errorWorkflow: string | null;
  /** What comes in from outside passes through it before it is recorded; null: it stays as it is. */
  readonly mask: Mask | null;
}

/** Higher goes first. */
export const PRIORITIES = { low: 0, default: 1, high: 2 } as const;
export type Priority = keyof typeof PRIORITIES;

/** The nodes of a workflow, or of a container's body. */
export interface Graph {
  readonly nodes: readonly PlanNode[];
  readonly index: ReadonlyMap<string, number>;
  /** Nodes without incoming edges; compensations are none, they run only to undo. */
  readonly entries: readonly number[];
  /** Number of nodes that are no compensations. */
  readonly steps: number;
}

export interface PlanNode {
  readonly id: string;
  readonly index: number;
  readonly type: NodeType;
  readonly effect: Effect;
  /** Config whose templates are resolved before each start; raw fields are added as they are. */
  readonly config: Template;
  readonly raw: Readonly<Record<string, unknown>>;
  /** A container's condition, evaluated before each iteration. */
  readonly condition: Expression | null;
  readonly bodies: Readonly<Record<string, Graph>> | null;
  readonly out: readonly Edge[];
  /** Ports that its type has with this config. */
  readonly ports: readonly string[];
  /** Port of a success without a named port, and of `onError: continue`. */
  readonly mainPort: string;
  readonly incoming: number;
  readonly join: Join;
  readonly retry: RetryPolicy;
  /** Time limit of one attempt in milliseconds; null: that of the node type. */
  readonly timeoutMs: number | null;
  /** Time limit of all attempts and the waits between, in milliseconds; null: none. */
  readonly deadlineMs: number | null;
  readonly onError: OnError;
  /** Index of the node that undoes it, in the same graph; null: nothing does. */
  readonly compensation: number | null;
  /** Index of the node it undoes; null: it is a step like any other. */
  readonly compensates: number | null;
}

export interface Edge {
  readonly port: string;
  readonly to: number;
}

/** `all` live branches, the first, or as many; dead branches never count and are never waited for. */
export type Join = 'all' | 'any' | number;

/** What a node's failure does: ends the execution, goes on by the main port, or leaves by the port `error`. */
type OnError = 'fail' | 'continue' | 'branch';
