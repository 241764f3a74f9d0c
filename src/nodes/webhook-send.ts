import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { connectionDependency, connectionField, openConnection } from '../core/connections/connection-field.ts';
import { type WebhookConfig, webhook } from '../core/connections/types/webhook.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import { dynamic, resolved } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import { statusFailure } from '../core/http-failure.ts';
import type { TaskContext, TaskNode } from '../core/node-type.ts';
import type { DeliveryStore, NewDelivery } from '../ports/deliveries.ts';
import type { Egress, EgressRequest, EgressResponse } from '../ports/egress.ts';
import type { Runtime } from '../ports/runtime.ts';

const plain = z.strictObject({
  connection: connectionField(webhook),
  type: z
    .string()
    .regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/, 'takes words with points between, such as order.created')
    .max(200)
    .describe('Of the event, such as order.created'),
  data: z.unknown().optional().describe('Default the input of this node'),
  timeout: durationSchema.optional().describe('For an attempt; default 15s'),
});

export const webhookSendConfig = z.strictObject({
  ...plain.shape,
  type: dynamic(plain.shape.type).describe('Of the event, such as order.created'),
  timeout: dynamic(durationSchema).optional().describe('For an attempt; default 15s'),
});
export type WebhookSendConfig = z.infer<typeof webhookSendConfig>;

export interface WebhookSendNeeds {
  readonly egress: Pick<Egress, 'request'>;
  readonly deliveries: Pick<DeliveryStore, 'note'>;
  readonly runtime: Pick<Runtime, 'now' | 'id'>;
}

export const DEFAULT_TIMEOUT = '15s';
/** Bytes of an answer that are read, and characters of it that are kept. */
const MAX_BYTES = 1024 * 1024;
const EXCERPT = 1_024;

/**
 * Output `{ id, status, response }`. Throws `http_client_error`, `http_rate_limited`, `http_server_error` (data: `status`,
 * `retryAfterMs`, `body`), `config_invalid`, and what the egress and a connection throw.
 */
export function webhookSendNode(needs: WebhookSendNeeds): TaskNode<WebhookSendConfig> {
  return {
    type: 'webhook.send',
    version: 1,
    description: 'Sends a signed event to an address of others (Standard Webhooks), and keeps a log of each attempt.',
    example: { connection: 'partner', type: 'order.created', data: { id: '{{ $json.id }}' } },
    config: webhookSendConfig,
    ports: () => ['out', 'error'],
    // Who takes webhooks of this standard takes one id once.
    effect: () => 'idempotent',
    dependency: connectionDependency,
    run: async (config, task) => ({ output: await send(needs, config, task) }),
  };
}

async function send({ egress, deliveries, runtime }: WebhookSendNeeds, written: WebhookSendConfig, task: TaskContext) {
  const { connection, type, data = task.input, timeout = DEFAULT_TIMEOUT } = resolved(plain, written);
  const { url, secret, oldSecret } = await openConnection(task, connection, webhook);
  const at = runtime.now();
  const id = messageId(task.idempotencyKey);
  const said = JSON.stringify(data ?? null);
  // What would have to be kept without its secrets could not be sent again as it was.
  const kept = task.redact(said) === said ? said : null;
  const { executionId, projectId, path, attempt, signal } = task;
  const note = async (came: Pick<NewDelivery, 'status' | 'error' | 'response'>): Promise<void> => {
    const known = { executionId, projectId, path, attempt, connection, type, messageId: id, repeats: null, at };
    const durationMs = Math.max(0, Math.round(runtime.now() - at));
    // For people to look at: what was delivered is delivered, though it could not be noted.
    await deliveries.note({ id: runtime.id(), ...known, durationMs, ...came }, kept).catch(() => undefined);
  };
  let answer: EgressResponse;
  try {
    const body = webhookBody(type, at, said);
    const timeoutMs = parseDuration(timeout);
    answer = await egress.request({ ...signedRequest({ url, secret, oldSecret }, id, at, body), timeoutMs, signal });
  } catch (error) {
    await note({ status: null, error: error instanceof MyelinError ? error.code : 'internal', response: null });
    throw error;
  }
  const { status } = answer;
  const response = answerText(answer, task.redact);
  await note({ status, error: null, response: task.isMasked ? null : response });
  if (status < 300) return { id, status, response };
  const message = `${new URL(url).host} answered ${status} to the event ${type}.`;
  throw statusFailure(message, answer, task.env.$now, response === '' ? {} : { body: response });
}

/** The same for every attempt. A point would be read as the end of it when the signature is checked. */
const messageId = (key: string): string => `msg_${createHash('sha256').update(key).digest('base64url').slice(0, 27)}`;

/** `data` is JSON; `at`, in milliseconds, when it was first said. */
export function webhookBody(type: string, at: number, data: string): string {
  return `{"type":${JSON.stringify(type)},"timestamp":"${new Date(at).toISOString()}","data":${data}}`;
}

/** `at`, in milliseconds, is of the sending. */
export function signedRequest(
  { url, secret, oldSecret }: WebhookConfig,
  id: string,
  at: number,
  body: string,
): EgressRequest {
  const headers = { 'content-type': 'application/json', ...signature([secret, oldSecret], id, at, body) };
  return { method: 'POST', url, headers, body, maxBytes: MAX_BYTES };
}

/** Standard Webhooks 1.0.0: HMAC-SHA256 over id, seconds and body, by each secret. */
function signature(
  secrets: readonly (string | undefined)[],
  id: string,
  at: number,
  body: string,
): Record<string, string> {
  const seconds = String(Math.floor(at / 1_000));
  const signed = secrets
    .filter((one) => one !== undefined)
    .map((one) => createHmac('sha256', Buffer.from(one.slice('whsec_'.length), 'base64')))
    .map((hmac) => `v1,${hmac.update(`${id}.${seconds}.${body}`).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signed.join(' ') };
}

/** Cleaned before it is cut: half a secret is one too. */
export function answerText({ body }: EgressResponse, redact: (text: string) => string): string {
  return redact(new TextDecoder().decode(body).replaceAll('\0', '')).slice(0, EXCERPT);
}
