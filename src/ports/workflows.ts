/** Workflows, their versions and triggers, as the store keeps them. */
import type { Definition } from '../core/definition/schema.ts';

export interface WorkflowStore {
  /** Throws `workflow_exists` or `webhook_path_taken`. */
  create(workflow: NewWorkflow): Promise<Workflow>;
  /** A new version. Throws `workflow_not_found`, `workflow_exists`, `webhook_path_taken`, `version_conflict`. */
  update(change: WorkflowChange): Promise<Workflow>;
  /** Throws `workflow_not_found`, or `webhook_path_taken` where activating it would take a path. */
  setStatus(projectId: string, id: string, status: WorkflowStatus, now: number): Promise<Workflow>;
  /** By id or name. */
  get(projectId: string, idOrName: string): Promise<Workflow | undefined>;
  /** By name; those after the name `after`. */
  list(projectId: string, page: WorkflowQuery): Promise<Workflow[]>;
  /** Removes it with its triggers; its executions stay, and so do the versions they run on. */
  delete(projectId: string, id: string): Promise<boolean>;
  /** Undefined where there is none; the definition of a version never changes. Those of tests are found too. */
  version(projectId: string, workflowId: string, version: number): Promise<WorkflowVersion | undefined>;
  /** The document of a test becomes a version below zero, which no list shows and which goes with its execution. */
  keepTest(test: NewTest): Promise<number>;
  /** Newest first; those before the version `before`. */
  versions(projectId: string, workflowId: string, page: VersionQuery): Promise<VersionRow[]>;
  /** The active webhook at this path and method. */
  webhook(projectId: string, path: string, method: string): Promise<WebhookRow | undefined>;
  /** Methods that active webhooks take at this path. */
  webhookMethods(projectId: string, path: string): Promise<string[]>;
  /** By path and method; without a page all of them, as all that follow. */
  webhooks(projectId: string, page?: PairPage): Promise<WebhookRow[]>;
  /** By name of the workflow, and of the trigger. */
  triggers(projectId: string, workflowId?: string, page?: PairPage): Promise<TriggerRow[]>;
  trigger(projectId: string, id: string): Promise<TriggerRow | undefined>;
  /** Triggers of this type that belong to active workflows, of these projects; default all. */
  listening(type: string, projectIds?: readonly string[]): Promise<ListeningTrigger[]>;
}

export interface WorkflowQuery {
  readonly after?: string;
  readonly limit: number;
  readonly status?: WorkflowStatus;
  /** Only those in whose definition this key stands, wherever that is. */
  readonly key?: string;
}

/** Of a list in the order of two texts. */
export interface PairPage {
  /** Both of the last one of the page before. */
  readonly after?: readonly [string, string];
  readonly limit: number;
}

export interface VersionQuery {
  readonly before?: number;
  readonly limit: number;
}

export interface VersionRow {
  readonly version: number;
  readonly createdAt: number;
  /** Name of the key that saved it; null where that was not noted. */
  readonly savedBy: string | null;
}

export interface WorkflowVersion extends VersionRow {
  readonly definition: Definition;
}

export interface NewTest {
  readonly projectId: string;
  readonly workflowId: string;
  /** The execution that runs on it. */
  readonly executionId: string;
  readonly definition: Definition;
  readonly now: number;
}

export type WorkflowStatus = 'draft' | 'active' | 'paused';

export interface Workflow {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly version: number;
  readonly status: WorkflowStatus;
  readonly definition: Definition;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewWorkflow {
  readonly id: string;
  readonly projectId: string;
  readonly definition: Definition;
  readonly status: WorkflowStatus;
  readonly triggers: readonly NewTrigger[];
  readonly savedBy?: string;
  readonly now: number;
}

export interface WorkflowChange {
  readonly id: string;
  readonly projectId: string;
  readonly definition: Definition;
  readonly triggers: readonly NewTrigger[];
  /** Refuse with `version_conflict` unless this is the present version. */
  readonly expectedVersion?: number;
  /** It is active from this version on; without, its status stays. */
  readonly activate?: boolean;
  readonly savedBy?: string;
  readonly now: number;
}

/** A trigger of a definition; `name` is its id there and stays the same `id` over versions. */
export interface NewTrigger {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Of a webhook. */
  readonly webhook?: { readonly path: string; readonly method: string };
}

export interface TriggerRow {
  readonly id: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly active: boolean;
  /**
   * Of a schedule the next time, and the last that started an execution; of a poll when it is due, and when it last
   * looked. Null for other types, and where none is.
   */
  readonly nextAt: number | null;
  readonly lastAt: number | null;
}

/** A trigger that may start executions of this version now. */
export interface ListeningTrigger {
  readonly id: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: number;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface WebhookRow {
  readonly triggerId: string;
  readonly triggerName: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly version: number;
  readonly path: string;
  readonly method: string;
  readonly config: Readonly<Record<string, unknown>>;
}
