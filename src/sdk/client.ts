/**
 * A typed client of the HTTP API: one method for each route of the contract. Answers are checked against the
 * contract's schemas, and everything else is thrown as `ApiError`.
 */
import type { z } from 'zod';
import type { approvalsQuery, DecideBody, DelegateBody } from '../contract/approvals.ts';
import type {
  archiveManyBody,
  groupsQuery,
  lettersQuery,
  noteBody,
  requeueManyBody,
  ruleBody,
} from '../contract/dead-letters.ts';
import type { DeliveryQuery } from '../contract/deliveries.ts';
import type { iterationsQuery, nodeQuery } from '../contract/execution-nodes.ts';
import type {
  cancelBody,
  cancelManyBody,
  eventsQuery,
  executionQuery,
  executionsCountQuery,
  executionsQuery,
  logQuery,
  reasonBody,
  resolveBody,
  retryBody,
  retryManyBody,
  skipBody,
} from '../contract/executions.ts';
import type { pageQuery } from '../contract/page.ts';
import type { Method } from '../contract/route.ts';
import type { StatsQuery } from '../contract/stats.ts';
import type { TestBody } from '../contract/test-workflow.ts';
import type { triggerChange } from '../contract/triggers.ts';
import type { ExecuteBody, holdBody, workflowsQuery } from '../contract/workflows.ts';
import type { Definition, TriggerDefinition } from '../core/definition/schema.ts';
import { agentCalls } from './agent-calls.ts';
import type { CallOptions } from './call-options.ts';
import { connectionCalls, eventFeedCalls } from './connection-calls.ts';
import { eventCalls, eventGroupCalls, replayCalls } from './event-calls.ts';
import type { SourceOptions } from './event-source.ts';
import { type FollowOptions, followEvents } from './event-stream.ts';
import { everyPage } from './every-page.ts';
import { keyCalls } from './key-calls.ts';
import { followLive } from './live-stream.ts';
import { signInCalls } from './sign-in-calls.ts';
import { type StreamOptions, streamTokens } from './token-stream.ts';
import { Transport } from './transport.ts';

export interface ClientOptions {
  /** Of the server, such as `http://127.0.0.1:4400`. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Default the one of the runtime. */
  readonly fetch?: typeof fetch;
  /** Milliseconds for one answer; default 60,000. Does not bound `events` and `stream`. */
  readonly timeout?: number;
  /** Sees the head of every answer, refusals included; leave the body unread. */
  readonly onResponse?: (response: Response) => void;
}

/** A definition, or a builder that becomes one. */
export type Document = Definition | { toJSON(): Definition };

export interface SaveOptions extends CallOptions {
  /** Let its triggers start executions at once. */
  readonly activate?: boolean;
}

export interface UpdateOptions extends SaveOptions {
  /** Refuse with `version_conflict` unless this is the present version. */
  readonly version?: number;
}

export interface ExecuteOptions extends CallOptions {
  /** The same key within 24 h starts nothing again. */
  readonly idempotencyKey?: string;
  /** How long the key is remembered instead, from `1s` to `365d`. */
  readonly idempotencyTtl?: string;
}

export type Client = ReturnType<typeof createClient>;

/** Throws `TypeError` where the url is none; the methods throw `ApiError`. */
export function createClient(options: ClientOptions) {
  const { url, apiKey, timeout = 60_000, onResponse } = options;
  const send = options.fetch ?? ((...args) => fetch(...args));
  const transport = new Transport({ url, apiKey, timeout, onResponse, fetch: send });
  return {
    workflows: workflowCalls(transport),
    executions: executionCalls(transport),
    approvals: approvalCalls(transport),
    deadLetters: deadLetterCalls(transport),
    triggers: triggerCalls(transport),
    webhooks: webhookCalls(transport),
    events: eventCalls(transport),
    eventGroups: eventGroupCalls(transport),
    replays: replayCalls(transport),
    ...agentCalls(transport),
    connections: connectionCalls(transport),
    eventFeed: eventFeedCalls(transport),
    deliveries: {
      /** Attempts to send webhooks to others, newest first. */
      list: (query: DeliveryQuery = {}, o: CallOptions = {}) => transport.call('listDeliveries', { query, ...o }),
      /** The same body under the same `webhook-id`; the entry of its own says how it was answered. */
      resend: (id: string, { idempotencyKey, ...o }: CallOptions & { readonly idempotencyKey?: string } = {}) =>
        transport.call('resendDelivery', { params: { id }, headers: { 'idempotency-key': idempotencyKey }, ...o }),
    },
    keys: keyCalls(transport),
    signIn: signInCalls(transport),
    /** Lanes of flow control in which executions wait or run, those with most waiting first. */
    flow: async (query: { limit?: number } = {}, o: CallOptions = {}) =>
      (await transport.call('listFlow', { query, ...o })).items,
    circuitBreakers: {
      list: async (o: CallOptions = {}) => (await transport.call('listCircuitBreakers', o)).items,
      /** Closes one: calls go through again. */
      reset: (name: string, o: CallOptions = {}) => transport.call('resetCircuitBreaker', { params: { name }, ...o }),
    },
    /** JSON Schema of a workflow document. */
    definitionSchema: (o: CallOptions = {}) => transport.call('getDefinitionSchema', o),
    nodeTypes: { list: async (o: CallOptions = {}) => (await transport.call('listNodeTypes', o)).items },
    /** Where tools come from; with `source`, that one with its tools. */
    tools: {
      list: async (query: { source?: string } = {}, o: CallOptions = {}) =>
        (await transport.call('listTools', { query, ...o })).items,
    },
    /** Documents to begin with. */
    templates: {
      list: async (o: CallOptions = {}) => (await transport.call('listTemplates', o)).items,
      get: (name: string, o: CallOptions = {}) => transport.call('getTemplate', { params: { name }, ...o }),
    },
    triggerTypes: { list: async (o: CallOptions = {}) => (await transport.call('listTriggerTypes', o)).items },
    /** The rules, and a page of workflows with what would go now. Removes nothing. */
    retention: (query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('getRetention', { query, ...o }),
    /** How many executions started and ended, and how long they took, step by step. */
    stats: (query: StatsQuery = {}, o: CallOptions = {}) => transport.call('getStats', { query, ...o }),
    /** What changes in the project, as it does; over broken connections, and until `signal` fires. */
    live: (o: SourceOptions = {}) => followLive(transport, o),
    health: {
      live: (o: CallOptions = {}) => transport.call('live', o),
      /** Throws `ApiError` while the server cannot take requests. */
      ready: (o: CallOptions = {}) => transport.call('ready', o),
    },
    /** In the text format of Prometheus. */
    metrics: async (o: CallOptions = {}) => (await transport.open('metrics', o)).text(),
  };
}

function workflowCalls(transport: Transport) {
  const activate = (o: SaveOptions) => ({ activate: o.activate });
  const ifMatch = ({ version }: UpdateOptions) => ({ 'if-match': version === undefined ? undefined : `"${version}"` });
  /** One or many; the types of the two methods keep them apart. */
  const execute = (id: string, body: ExecuteBody, { idempotencyKey, idempotencyTtl, signal }: ExecuteOptions) => {
    const headers = { 'idempotency-key': idempotencyKey, 'idempotency-ttl': idempotencyTtl };
    return transport.call('executeWorkflow', { params: { id }, body, headers, signal });
  };
  return {
    create: (document: Document, o: SaveOptions = {}) =>
      transport.call('createWorkflow', { body: document, query: activate(o), signal: o.signal }),
    /** Makes a new version. `id` is an id or a name, here and below. */
    update: (id: string, document: Document, o: UpdateOptions = {}) =>
      transport.call('updateWorkflow', {
        params: { id },
        body: document,
        query: activate(o),
        headers: ifMatch(o),
        signal: o.signal,
      }),
    get: (id: string, o: CallOptions = {}) => transport.call('getWorkflow', { params: { id }, ...o }),
    list: (query: z.input<typeof workflowsQuery> = {}, o: CallOptions = {}) =>
      transport.call('listWorkflows', { query, ...o }),
    /** A page of its versions, newest first, without their definitions. */
    versions: (id: string, query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listVersions', { params: { id }, query, ...o }),
    version: (id: string, version: number, o: CallOptions = {}) =>
      transport.call('getVersion', { params: { id, version: String(version) }, ...o }),
    /** Saves the definition of an old version as a new one. */
    rollback: (id: string, version: number, o: Omit<UpdateOptions, 'activate'> = {}) =>
      transport.call('rollbackWorkflow', { params: { id }, body: { version }, headers: ifMatch(o), signal: o.signal }),
    delete: (id: string, o: CallOptions = {}) => transport.call('deleteWorkflow', { params: { id }, ...o }),
    /** `executions`: those that are paused go on too. */
    activate: (id: string, body: z.input<typeof holdBody> = {}, o: CallOptions = {}) =>
      transport.call('activateWorkflow', { params: { id }, body, ...o }),
    /** `executions`: those that run are paused too. */
    pause: (id: string, body: z.input<typeof holdBody> = {}, o: CallOptions = {}) =>
      transport.call('pauseWorkflow', { params: { id }, body, ...o }),
    /** All faults of a document, which is not saved. */
    validate: (document: unknown, o: CallOptions = {}) => transport.call('validateWorkflow', { body: document, ...o }),
    /** Starts one execution with `input` as `$trigger` and returns its id. */
    execute: async (id: string, input?: unknown, o: ExecuteOptions = {}): Promise<string> => {
      const started = await execute(id, input === undefined ? {} : { input }, o);
      return 'executionId' in started ? started.executionId : (started.executionIds[0] ?? '');
    },
    /** Starts one execution for each input, all in one transaction, and returns their ids. */
    executeMany: async (id: string, inputs: unknown[], o: ExecuteOptions = {}): Promise<string[]> => {
      const started = await execute(id, { inputs }, o);
      return 'executionIds' in started ? started.executionIds : [started.executionId];
    },
    /** Runs a document, by default the present one, without saving it, and returns the id of the execution. */
    test: async (id: string, body: TestBody = {}, o: CallOptions = {}) =>
      (await transport.call('testWorkflow', { params: { id }, body, ...o })).executionId,
    /** Runs a document that belongs to no workflow yet, and returns the id of the execution. */
    testDraft: async (body: TestBody, o: CallOptions = {}) =>
      (await transport.call('testDraft', { body, ...o })).executionId,
    /** The last 24 hours of every workflow. */
    stats: (o: CallOptions = {}) => everyPage((query) => transport.call('getWorkflowStats', { query, ...o })),
    triggers: async (id: string, o: CallOptions = {}) =>
      (await transport.call('listTriggers', { params: { id }, ...o })).items,
    addTrigger: (id: string, trigger: TriggerDefinition, o: CallOptions = {}) =>
      transport.call('addTrigger', { params: { id }, body: trigger, ...o }),
  };
}

function executionCalls(transport: Transport) {
  const get = (id: string, { signal, ...query }: CallOptions & z.input<typeof executionQuery> = {}) =>
    transport.call('getExecution', { params: { id }, query, signal });
  const events = (id: string, o: FollowOptions = {}) => followEvents(transport, id, o);
  return {
    /** By trigger, code and end, a page may have few items and yet a `nextCursor`. */
    list: (query: z.input<typeof executionsQuery> = {}, o: CallOptions = {}) =>
      transport.call('listExecutions', { query, ...o }),
    count: (query: z.input<typeof executionsCountQuery> = {}, o: CallOptions = {}) =>
      transport.call('countExecutions', { query, ...o }),
    /** `values: 'omit'` keeps the answer small; `at` is the number of an event after which it is looked at. */
    get,
    /** One node, such as `each[3]/fetch`, with its input and its attempts. */
    node: (id: string, query: z.input<typeof nodeQuery>, o: CallOptions = {}) =>
      transport.call('getExecutionNode', { params: { id }, query, ...o }),
    /** A page of the iterations of the container `parent`, with their nodes. */
    iterations: (id: string, query: z.input<typeof iterationsQuery>, o: CallOptions = {}) =>
      transport.call('listIterations', { params: { id }, query, ...o }),
    /** Follows the history until the execution has ended, over broken connections. */
    events,
    /** What models say, as they say it, until the execution has ended, over broken connections. */
    stream: (id: string, o: StreamOptions = {}) => streamTokens(transport, id, o),
    /** A page of the history; `nextCursor` goes into `after`. */
    history: (id: string, query: z.input<typeof eventsQuery> = {}, o: CallOptions = {}) =>
      transport.call('listExecutionEvents', { params: { id }, query, ...o }),
    logs: (id: string, query: z.input<typeof logQuery> = {}, o: CallOptions = {}) =>
      transport.call('listExecutionLogs', { params: { id }, query, ...o }),
    /** A page of its calls of models, in the order they began. */
    calls: (id: string, query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listExecutionCalls', { params: { id }, query, ...o }),
    /** Resolves with the execution once it has ended, however it did. */
    wait: async (id: string, o: FollowOptions = {}) => {
      for await (const _event of events(id, o));
      return get(id, o.signal === undefined ? {} : { signal: o.signal });
    },
    /** `compensate`: what it did is undone first. */
    cancel: (id: string, body: z.input<typeof cancelBody> = {}, o: CallOptions = {}) =>
      transport.call('cancelExecution', { params: { id }, body, ...o }),
    /** Lets a failed execution go on from the nodes that failed, or `from` a node. */
    retry: (id: string, body: z.input<typeof retryBody> = {}, o: CallOptions = {}) =>
      transport.call('retryExecution', { params: { id }, body, ...o }),
    /** A page of those that fit and have not ended; go on with `nextCursor`. */
    cancelMany: (body: z.input<typeof cancelManyBody>, o: CallOptions = {}) =>
      transport.call('cancelExecutions', { body, ...o }),
    /** A page of those that fit and have failed; go on with `nextCursor`. */
    retryMany: (body: z.input<typeof retryManyBody>, o: CallOptions = {}) =>
      transport.call('retryExecutions', { body, ...o }),
    pause: (id: string, body: z.input<typeof reasonBody> = {}, o: CallOptions = {}) =>
      transport.call('pauseExecution', { params: { id }, body, ...o }),
    resume: (id: string, body: z.input<typeof reasonBody> = {}, o: CallOptions = {}) =>
      transport.call('resumeExecution', { params: { id }, body, ...o }),
    /** A node that failed, waits or is at work counts as done. */
    skip: (id: string, body: z.input<typeof skipBody>, o: CallOptions = {}) =>
      transport.call('skipNode', { params: { id }, body, ...o }),
    /** Says what became of a node that is `in_doubt`. */
    resolve: (id: string, body: z.input<typeof resolveBody>, o: CallOptions = {}) =>
      transport.call('resolveNode', { params: { id }, body, ...o }),
    delete: (id: string, o: CallOptions = {}) => transport.call('deleteExecution', { params: { id }, ...o }),
  };
}

function approvalCalls(transport: Transport) {
  return {
    list: (query: z.input<typeof approvalsQuery> = {}, o: CallOptions = {}) =>
      transport.call('listApprovals', { query, ...o }),
    get: (id: string, o: CallOptions = {}) => transport.call('getApproval', { params: { id }, ...o }),
    /** Throws `already_decided` where somebody was quicker. */
    decide: (id: string, decision: DecideBody, o: CallOptions = {}) =>
      transport.call('decideApproval', { params: { id }, body: decision, ...o }),
    delegate: (id: string, delegation: DelegateBody, o: CallOptions = {}) =>
      transport.call('delegateApproval', { params: { id }, body: delegation, ...o }),
  };
}

function deadLetterCalls(transport: Transport) {
  return {
    /** The latest failure first. */
    list: (query: z.input<typeof lettersQuery> = {}, o: CallOptions = {}) =>
      transport.call('listDeadLetters', { query, ...o }),
    /** Failures of the same cause, counted. */
    groups: async (query: z.input<typeof groupsQuery> = {}, o: CallOptions = {}) =>
      (await transport.call('listDeadLetterGroups', { query, ...o })).items,
    get: (id: string, o: CallOptions = {}) => transport.call('getDeadLetter', { params: { id }, ...o }),
    /** The execution goes on; with a payload a new one starts. */
    requeue: (id: string, payload?: unknown, o: CallOptions = {}) =>
      transport.call('requeueDeadLetter', { params: { id }, body: payload === undefined ? {} : { payload }, ...o }),
    /** A page of those that fit; go on with `nextCursor`. */
    requeueMany: (body: z.input<typeof requeueManyBody>, o: CallOptions = {}) =>
      transport.call('requeueDeadLetters', { body, ...o }),
    review: (id: string, body: z.input<typeof noteBody> = {}, o: CallOptions = {}) =>
      transport.call('reviewDeadLetter', { params: { id }, body, ...o }),
    archive: (id: string, body: z.input<typeof noteBody> = {}, o: CallOptions = {}) =>
      transport.call('archiveDeadLetter', { params: { id }, body, ...o }),
    /** A page of those that fit; go on with `nextCursor`. */
    archiveMany: (body: z.input<typeof archiveManyBody>, o: CallOptions = {}) =>
      transport.call('archiveDeadLetters', { body, ...o }),
    rules: async (o: CallOptions = {}) => (await transport.call('getDeadLetterRules', o)).items,
    setRule: async (rule: z.input<typeof ruleBody>, o: CallOptions = {}) =>
      (await transport.call('setDeadLetterRule', { body: rule, ...o })).items,
  };
}

function triggerCalls(transport: Transport) {
  return {
    /** Of all workflows. */
    list: (o: CallOptions = {}) => everyPage((query) => transport.call('listProjectTriggers', { query, ...o })),
    /** The next times of a schedule. */
    next: (id: string, count = 10, o: CallOptions = {}) =>
      transport.call('nextTimes', { params: { id }, query: { count }, ...o }),
    /** A poll looks now; what comes of it stands in its state. */
    poll: (id: string, o: CallOptions = {}) => transport.call('pollNow', { params: { id }, ...o }),
    /** Makes a new version of the workflow, as `delete` does. */
    update: (id: string, trigger: z.input<typeof triggerChange>, o: CallOptions = {}) =>
      transport.call('updateTrigger', { params: { id }, body: trigger, ...o }),
    delete: (id: string, o: CallOptions = {}) => transport.call('deleteTrigger', { params: { id }, ...o }),
  };
}

export interface WebhookCall extends CallOptions {
  /** Default POST. */
  readonly method?: Method;
  readonly headers?: Readonly<Record<string, string>>;
}

function webhookCalls(transport: Transport) {
  const operations = {
    GET: 'getWebhook',
    POST: 'postWebhook',
    PUT: 'putWebhook',
    PATCH: 'patchWebhook',
    DELETE: 'deleteWebhook',
  } as const;
  return {
    /** Of all active workflows. */
    list: (o: CallOptions = {}) => everyPage((query) => transport.call('listWebhooks', { query, ...o })),
    /** Sends JSON to a webhook; 202 says that the execution is durable, anything else is its result. */
    send: async (path: string, body?: unknown, { method = 'POST', ...o }: WebhookCall = {}) => {
      const response = await transport.open(operations[method], { params: { path }, body, ...o });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, body: (isJson ? JSON.parse(text) : text) as unknown };
    },
  };
}
