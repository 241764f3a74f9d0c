import { z } from 'zod';
import { connectionDependency, connectionField, openConnection } from '../core/connections/connection-field.ts';
import { slack } from '../core/connections/types/slack.ts';
import { dynamic, resolved } from '../core/dynamic.ts';
import { type ErrorCode, MyelinError } from '../core/errors.ts';
import { statusFailure } from '../core/http-failure.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { SENT } from '../core/lost-answer.ts';
import type { TaskContext, TaskNode } from '../core/node-type.ts';
import type { Egress, EgressResponse } from '../ports/egress.ts';

const block = z.record(z.string(), z.unknown());
const plain = z.strictObject({
  connection: connectionField(slack),
  channel: z.string().min(1).max(100).optional().describe('Id, or #name; of a bot only, a webhook has its one'),
  text: z.string().max(40_000).optional().describe('The message; with blocks, what a notification shows'),
  blocks: z.array(block).max(50).optional().describe('Blocks of Block Kit'),
  threadTs: z.string().max(40).optional().describe('`ts` of the message to answer in its thread'),
});
const { shape } = plain;

export const slackConfig = z
  .strictObject({
    ...shape,
    blocks: dynamic(z.array(block).max(50)).optional().describe('Blocks of Block Kit'),
  })
  .refine(({ text, blocks }) => text !== undefined || blocks !== undefined, {
    path: ['text'],
    message: 'give text, blocks or both',
  });
export type SlackConfig = z.infer<typeof slackConfig>;

const MAX_BYTES = 1024 * 1024;
/** The words of Slack that somebody can do something about. */
const WORDS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  channel_not_found: ['slack_refused', 'there is no such channel, or the bot does not see it; invite it there'],
  not_in_channel: ['slack_refused', 'the bot is not in the channel; invite it there'],
  is_archived: ['slack_refused', 'the channel is archived'],
  channel_is_archived: ['slack_refused', 'the channel is archived'],
  no_text: ['slack_refused', 'the message is empty'],
  msg_too_long: ['slack_refused', 'the text is too long'],
  invalid_blocks: ['slack_refused', 'the blocks are not such as Slack takes'],
  thread_not_found: ['slack_refused', 'there is no message of this threadTs in the channel'],
  restricted_action: ['slack_refused', 'the workspace does not let the bot post there'],
  no_service: ['connection_denied', 'the webhook is gone; make a new one'],
  invalid_token: ['connection_denied', 'the webhook is not known; make a new one'],
  invalid_auth: ['connection_denied', 'the token is not known'],
  not_authed: ['connection_denied', 'no token was sent'],
  token_revoked: ['connection_denied', 'the token was revoked'],
  token_expired: ['connection_denied', 'the token has expired'],
  account_inactive: ['connection_denied', 'the token is of a user or workspace that is gone'],
  missing_scope: ['connection_denied', 'the bot lacks the scope chat:write; add it and install the app again'],
  ratelimited: ['http_rate_limited', 'too many messages at once'],
  rate_limited: ['http_rate_limited', 'too many messages at once'],
  internal_error: ['http_server_error', 'it has trouble of its own'],
  fatal_error: ['http_server_error', 'it has trouble of its own'],
  service_unavailable: ['http_server_error', 'it has trouble of its own'],
};

/**
 * Output of a bot `{ channel, ts }`, by which others answer in a thread; of a webhook `{}`. Throws `slack_refused` and
 * `connection_denied` (data: `reason`), `http_rate_limited`, `http_server_error`, `config_invalid`, and what the egress
 * and a connection throw.
 */
export function slackNode(egress: Pick<Egress, 'request'>): TaskNode<SlackConfig> {
  return {
    type: 'slack',
    version: 1,
    description: 'Posts a message to a channel of Slack.',
    example: { connection: 'team', channel: '#orders', text: 'Order {{ $json.id }} waits for you.' },
    config: slackConfig,
    first: ['connection', 'channel', 'text'],
    ports: () => ['out', 'error'],
    effect: () => 'irreversible',
    dependency: connectionDependency,
    async run(written, task) {
      const { connection, channel, text, blocks, threadTs } = resolved(plain, written);
      const config = await openConnection(task, connection, slack);
      const message = { text, blocks, thread_ts: threadTs };
      const { token, webhookUrl, apiUrl } = config;
      if (webhookUrl !== undefined) {
        if (channel !== undefined) throw invalid('leave it out: a webhook posts to its one channel');
        await post(egress, webhookUrl, message, {}, task);
        return { output: {} };
      }
      if (channel === undefined) throw invalid('is needed with the token of a bot');
      const authorization = { authorization: `Bearer ${token}` };
      const answer = await post(egress, `${apiUrl}/chat.postMessage`, { channel, ...message }, authorization, task);
      return { output: { channel: answer.channel ?? channel, ts: answer.ts ?? null } };
    },
  };
}

const invalid = (what: string): MyelinError => new MyelinError('config_invalid', `channel: ${what}`);

/** What Slack answers where all is well. */
async function post(
  egress: Pick<Egress, 'request'>,
  url: string,
  message: object,
  headers: Readonly<Record<string, string>>,
  { signal, env }: TaskContext,
): Promise<JsonObject> {
  const response = await egress.request({
    ...{ method: 'POST', url, body: JSON.stringify(message), maxBytes: MAX_BYTES, signal },
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
  const text = new TextDecoder().decode(response.body).trim();
  const answer = objectOf(text);
  if (response.status < 300 && (answer.ok === true || text === 'ok')) return answer;
  throw failure(response, answer, text, env.$now);
}

/** A webhook says what is wrong by a word alone, the API in JSON, mostly with status 200. */
function failure(response: EgressResponse, answer: JsonObject, text: string, now: number | undefined): MyelinError {
  const said = typeof answer.error === 'string' ? answer.error : text;
  const reason = /^[a-z_]{2,60}$/.test(said) ? said : undefined;
  const [code, words] = (reason !== undefined && Object.hasOwn(WORDS, reason) && WORDS[reason]) || [];
  if (
    response.status === 429 ||
    response.status >= 500 ||
    code === 'http_rate_limited' ||
    code === 'http_server_error'
  ) {
    const status = response.status >= 400 ? response.status : code === 'http_rate_limited' ? 429 : 502;
    return statusFailure(`Slack: ${words ?? `it answered ${status}`}.`, { ...response, status }, now, { reason });
  }
  if (reason === undefined) {
    const message = `What answers is not Slack (${response.status}): check the connection.`;
    return new MyelinError('slack_refused', message, response.status < 400 ? SENT : undefined);
  }
  const more = detailsOf(answer);
  return new MyelinError(code ?? 'slack_refused', `Slack: ${words ?? reason} (${reason})${more}.`, { reason });
}

/** Which block is wrong, and why. */
function detailsOf({ response_metadata: about }: JsonObject): string {
  const messages = isObject(about) && Array.isArray(about.messages) ? about.messages : [];
  return messages.length === 0 ? '' : `: ${messages.join('; ').slice(0, 500)}`;
}

function objectOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
