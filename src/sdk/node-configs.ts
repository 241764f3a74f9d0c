/** The configs that a builder checks. Only types come from the nodes, so that a user's program loads none of them. */
import type { z } from 'zod';
import type { pollConfig } from '../core/poll/config.ts';
import type { scheduleConfig } from '../core/schedule/config.ts';
import type { Graph } from '../core/typescript/configs.ts';
import type { agentConfig } from '../nodes/agent.ts';
import type { approvalConfig } from '../nodes/approval.ts';
import type { classifyConfig } from '../nodes/classify.ts';
import type { codeConfig } from '../nodes/code.ts';
import type { contextConfig } from '../nodes/context.ts';
import type { delayConfig } from '../nodes/delay.ts';
import type { emailConfig } from '../nodes/email/email.ts';
import type { emitConfig } from '../nodes/emit.ts';
import type { extractConfig } from '../nodes/extract.ts';
import type { failConfig } from '../nodes/fail.ts';
import type { httpConfig } from '../nodes/http/config.ts';
import type { ifConfig } from '../nodes/if.ts';
import type { joinConfig } from '../nodes/join.ts';
import type { kafkaPublishConfig } from '../nodes/kafka-publish.ts';
import type { loopConfig } from '../nodes/loop.ts';
import type { mapConfig } from '../nodes/map.ts';
import type { modelConfig } from '../nodes/model.ts';
import type { natsPublishConfig } from '../nodes/nats-publish.ts';
import type { postgresInsertConfig } from '../nodes/postgres/insert.ts';
import type { postgresQueryConfig } from '../nodes/postgres/query.ts';
import type { rabbitmqPublishConfig } from '../nodes/rabbitmq-publish.ts';
import type { recallConfig } from '../nodes/recall.ts';
import type { redisPublishConfig } from '../nodes/redis-publish.ts';
import type { respondConfig } from '../nodes/respond.ts';
import type { sagaConfig } from '../nodes/saga.ts';
import type { slackConfig } from '../nodes/slack.ts';
import type { switchConfig } from '../nodes/switch.ts';
import type { toolConfig } from '../nodes/tool.ts';
import type { transformConfig } from '../nodes/transform.ts';
import type { waitConfig } from '../nodes/wait.ts';
import type { webhookSendConfig } from '../nodes/webhook-send.ts';
import type { workflowConfig } from '../nodes/workflow.ts';
import type { eventConfig } from '../triggers/event.ts';
import type { kafkaTriggerConfig } from '../triggers/kafka.ts';
import type { manual } from '../triggers/manual.ts';
import type { natsTriggerConfig } from '../triggers/nats.ts';
import type { rabbitmqTriggerConfig } from '../triggers/rabbitmq.ts';
import type { redisTriggerConfig } from '../triggers/redis.ts';
import type { tableTriggerConfig } from '../triggers/table.ts';
import type { webhookConfig } from '../triggers/webhook/config.ts';
import type { completionConfig } from '../triggers/workflow.ts';

/** Configs as the schemas take them, by node type. Add your own types by declaration merging. */
export interface NodeConfigs {
  agent: z.input<typeof agentConfig>;
  approval: z.input<typeof approvalConfig>;
  classify: z.input<typeof classifyConfig>;
  code: z.input<typeof codeConfig>;
  context: z.input<typeof contextConfig>;
  delay: z.input<typeof delayConfig>;
  email: z.input<typeof emailConfig>;
  emit: z.input<typeof emitConfig>;
  extract: z.input<typeof extractConfig>;
  fail: z.input<typeof failConfig>;
  http: z.input<typeof httpConfig>;
  if: Needs<z.input<typeof ifConfig>, 'condition'>;
  join: z.input<typeof joinConfig>;
  'kafka.publish': z.input<typeof kafkaPublishConfig>;
  'rabbitmq.publish': z.input<typeof rabbitmqPublishConfig>;
  'redis.publish': z.input<typeof redisPublishConfig>;
  'nats.publish': z.input<typeof natsPublishConfig>;
  loop: z.input<typeof loopConfig>;
  map: Needs<z.input<typeof mapConfig>, 'items'>;
  parallel: { branches: Record<string, Graph> };
  model: z.input<typeof modelConfig>;
  'postgres.insert': z.input<typeof postgresInsertConfig>;
  'postgres.query': z.input<typeof postgresQueryConfig>;
  recall: z.input<typeof recallConfig>;
  respond: z.input<typeof respondConfig>;
  slack: z.input<typeof slackConfig>;
  saga: z.input<typeof sagaConfig>;
  switch: z.input<typeof switchConfig>;
  tool: z.input<typeof toolConfig>;
  transform: z.input<typeof transformConfig>;
  wait: z.input<typeof waitConfig>;
  'webhook.send': z.input<typeof webhookSendConfig>;
  workflow: z.input<typeof workflowConfig>;
}

/** Configs of triggers by type. */
export interface TriggerConfigs {
  event: z.input<typeof eventConfig>;
  kafka: z.input<typeof kafkaTriggerConfig>;
  rabbitmq: z.input<typeof rabbitmqTriggerConfig>;
  redis: z.input<typeof redisTriggerConfig>;
  nats: z.input<typeof natsTriggerConfig>;
  manual: z.input<(typeof manual)['config']>;
  poll: z.input<typeof pollConfig>;
  schedule: z.input<typeof scheduleConfig>;
  table: z.input<typeof tableTriggerConfig>;
  webhook: z.input<typeof webhookConfig>;
  workflow: z.input<typeof completionConfig>;
}

/** A schema of `unknown` makes its field optional in TypeScript although the check wants it. */
type Needs<T, K extends keyof T> = T & { [Key in K]-?: NonNullable<unknown> | null };

declare module '../core/typescript/configs.ts' {
  interface KnownNodes extends NodeConfigs {}
  interface KnownTriggers extends TriggerConfigs {}
}
