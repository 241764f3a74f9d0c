/** What a user's program imports from `myelin`. */

export type { Approval, ApprovalSummary, Decision } from '../contract/approvals.ts';
export type { BlobAnswer as Blob } from '../contract/blobs.ts';
export type { BreakerAnswer as CircuitBreaker } from '../contract/breakers.ts';
export type { BulkAnswer as BulkPage } from '../contract/bulk.ts';
export type { DeadLetter, DeadLetterGroup, DeadLetterSummary } from '../contract/dead-letters.ts';
export type { DeliveryAnswer as Delivery } from '../contract/deliveries.ts';
export type { GroupAnswer as EventGroup } from '../contract/event-groups.ts';
export type {
  EventSchemaAnswer as EventSchema,
  EventSchemaSummary,
  NewEventSchema,
} from '../contract/event-schemas.ts';
export type { MessageAnswer as Message, MessageSummary } from '../contract/events.ts';
export type { Iteration, NodeDetailAnswer as ExecutionNodeDetail } from '../contract/execution-nodes.ts';
export type {
  EventAnswer as ExecutionEvent,
  Execution,
  ExecutionNode,
  ExecutionSummary,
  LogLine,
} from '../contract/executions.ts';
export type {
  BudgetAnswer as Budget,
  BudgetPlace,
  CallAnswer as ModelCall,
  NewBudget,
  UsageAnswer as Usage,
  UsageQuery,
} from '../contract/ledger.ts';
export type { LiveEvent } from '../contract/live.ts';
export type { ModelListItem as Model } from '../contract/models.ts';
export type { NodeTypeAnswer as NodeTypeInfo, TriggerTypeAnswer as TriggerTypeInfo } from '../contract/node-types.ts';
export type { Page } from '../contract/page.ts';
export type { PromptAnswer as Prompt, PromptSummary } from '../contract/prompts.ts';
export type { DryReplay, ReplayAnswer as Replay } from '../contract/replays.ts';
export type { RetentionAnswer as Retention } from '../contract/retention.ts';
export type { ScheduleTimes } from '../contract/schedules.ts';
export type {
  AgentPerformance,
  RebuildLine,
  RecalledAnswer as Recalled,
  Session,
  SessionEventAnswer as SessionEvent,
  SessionStateAnswer as SessionState,
  TimelineLine,
} from '../contract/sessions.ts';
export type { CallerAnswer as Caller, SignInLink } from '../contract/sign-in.ts';
export type { Stats, StatsQuery, WorkflowStats } from '../contract/stats.ts';
export type { TemplateAnswer as Template, TemplateSummary } from '../contract/templates.ts';
export type { ToolSourceAnswer as ToolSource } from '../contract/tools.ts';
export type { TriggerAnswer as Trigger } from '../contract/triggers.ts';
export type { VersionAnswer as WorkflowVersion, VersionSummary } from '../contract/versions.ts';
export type { WebhookAnswer as Webhook } from '../contract/webhooks.ts';
export type { Validation, WorkflowAnswer as Workflow, WorkflowSummary } from '../contract/workflows.ts';
export type { Definition, GraphDefinition, NodeDefinition, TriggerDefinition } from '../core/definition/schema.ts';
export { type ErrorInfo, type Fault, MyelinError } from '../core/errors.ts';
export type { Arrow, Operand, Path, Scope } from '../core/typescript/arrow.ts';
export {
  GraphBuilder,
  graph,
  type NodeOptions,
  WorkflowBuilder,
  type WorkflowOptions,
  workflow,
} from '../core/typescript/builder.ts';
export type { Graph, NodeConfig, TriggerConfig, Value } from '../core/typescript/configs.ts';
export { type ReadTypeScript, readTypeScript, type TypeScriptFault } from '../core/typescript/read-typescript.ts';
export { toTypeScript } from '../core/typescript/to-typescript.ts';
export { ApiError, type ApiErrorCode } from './api-error.ts';
export * from './client.ts';
export type { FollowOptions } from './event-stream.ts';
export type { NodeConfigs, TriggerConfigs } from './node-configs.ts';
export type { StreamEvent, StreamOptions } from './token-stream.ts';
