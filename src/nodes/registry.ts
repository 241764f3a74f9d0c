/** All node types. A new one: its file, and a line here. */
import type { NodeType, NodeTypes } from '../core/node-type.ts';
import type { Publishers } from '../ports/brokers.ts';
import type { Databases } from '../ports/database.ts';
import type { DeliveryStore } from '../ports/deliveries.ts';
import type { Egress } from '../ports/egress.ts';
import type { Schemas } from '../ports/event-schemas.ts';
import type { FileStore } from '../ports/files.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Mailer } from '../ports/mail.ts';
import type { Models } from '../ports/model.ts';
import type { PromptStore } from '../ports/prompts.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { SessionStore } from '../ports/sessions.ts';
import type { Tokens } from '../ports/tokens.ts';
import type { Tools } from '../ports/tools.ts';
import type { WorkflowStore } from '../ports/workflows.ts';
import { agentNode } from './agent.ts';
import { approval } from './approval.ts';
import { classifyNode } from './classify.ts';
import { codeNode } from './code.ts';
import { contextNode } from './context.ts';
import { delay } from './delay.ts';
import { emailNode } from './email/email.ts';
import { emitNode } from './emit.ts';
import { extractNode } from './extract.ts';
import { fail } from './fail.ts';
import { httpNode } from './http.ts';
import { ifNode } from './if.ts';
import { join } from './join.ts';
import { kafkaPublishNode } from './kafka-publish.ts';
import { loop } from './loop.ts';
import { map } from './map.ts';
import { modelNode } from './model.ts';
import { natsPublishNode } from './nats-publish.ts';
import { parallel } from './parallel.ts';
import { postgresInsertNode } from './postgres/insert.ts';
import { postgresQueryNode } from './postgres/query.ts';
import { rabbitmqPublishNode } from './rabbitmq-publish.ts';
import { recallNode } from './recall.ts';
import { redisPublishNode } from './redis-publish.ts';
import { respond } from './respond.ts';
import { saga } from './saga.ts';
import { slackNode } from './slack.ts';
import { switchNode } from './switch.ts';
import { toolNode } from './tool.ts';
import { transform } from './transform.ts';
import { wait } from './wait.ts';
import { webhookSendNode } from './webhook-send.ts';
import { workflow } from './workflow.ts';

/** What node types need from outside; each takes its own. */
export interface NodeNeeds {
  readonly egress: Pick<Egress, 'request'>;
  readonly databases: Pick<Databases, 'run'>;
  readonly mailer: Mailer;
  readonly sandbox: Sandbox;
  readonly publishers: Publishers;
  readonly models: Models;
  readonly schemas: Schemas;
  readonly tools: Tools;
  readonly store: {
    readonly ledger: Pick<LedgerStore, 'note' | 'noted'>;
    readonly sessions: Pick<SessionStore, 'get' | 'snapshot' | 'events' | 'recall'>;
    readonly prompts: Pick<PromptStore, 'get'>;
    readonly workflows: Pick<WorkflowStore, 'get'>;
    readonly files: Pick<FileStore, 'get'>;
    readonly deliveries: Pick<DeliveryStore, 'note'>;
  };
  readonly runtime: Pick<Runtime, 'now' | 'id'>;
  /** Where texts of model calls go as they come. */
  readonly tokens: Tokens;
}

export function createNodeTypes(needs: NodeNeeds): NodeTypes {
  const { egress, databases, mailer, sandbox, publishers, models, schemas, tools, tokens, store, runtime } = needs;
  const types: readonly NodeType[] = [
    transform,
    ifNode,
    switchNode,
    join,
    delay,
    loop,
    map,
    parallel,
    saga,
    approval,
    wait,
    workflow,
    respond,
    emitNode(schemas),
    fail,
    toolNode(tools),
    httpNode(egress),
    emailNode({ mailer, files: store.files }),
    slackNode(egress),
    webhookSendNode({ egress, deliveries: store.deliveries, runtime }),
    postgresQueryNode(databases),
    postgresInsertNode(databases),
    codeNode(sandbox),
    agentNode(models),
    classifyNode(models),
    extractNode(models),
    modelNode({ models, tokens, ledger: store.ledger, now: runtime.now }),
    contextNode({ tools, ...store, types: () => all }),
    recallNode(store.sessions),
    kafkaPublishNode(publishers),
    rabbitmqPublishNode(publishers),
    redisPublishNode(publishers),
    natsPublishNode(publishers),
  ];
  const all: NodeTypes = new Map(types.map((type) => [type.type, type]));
  return all;
}

const notRunning = (): never => {
  throw new Error('not running');
};
const absent = async (): Promise<never> => notRunning();

/** Where nothing is to be run: for programs that only look at definitions, and tests of other things. */
export const ABSENT: NodeNeeds = {
  egress: { request: absent },
  publishers: { publish: absent },
  databases: { run: absent },
  mailer: { send: absent },
  sandbox: { run: absent, stop: async () => undefined },
  models: { generate: absent, retrieve: absent, card: notRunning, list: () => [] },
  tools: { list: absent, call: absent, sources: () => [], stop: async () => undefined },
  schemas: { check: () => undefined },
  tokens: { open: () => ({ write: () => undefined, close: () => undefined }) },
  store: {
    ledger: { note: absent, noted: absent },
    sessions: { get: absent, snapshot: absent, events: absent, recall: absent },
    prompts: { get: absent },
    workflows: { get: absent },
    files: { get: absent },
    deliveries: { note: absent },
  },
  runtime: { now: notRunning, id: notRunning },
};
