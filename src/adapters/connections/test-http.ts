/** Tests of what is reached by HTTP: an API with credentials, Slack, and webhooks of others. */
import { createHmac } from 'node:crypto';
import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import type { HttpConnectionConfig } from '../../core/connections/types/http.ts';
import type { SlackConfig } from '../../core/connections/types/slack.ts';
import type { WebhookConfig } from '../../core/connections/types/webhook.ts';
import { isObject } from '../../core/json.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress, EgressRequest, EgressResponse } from '../../ports/egress.ts';

type Out = Pick<Egress, 'request'>;

const JSON_TYPE = { 'content-type': 'application/json' };
const MAX_BYTES = 1024 * 1024;

/** Asks the base URL. A 404 there is usual, and says that we were let in. */
export async function testHttp(egress: Out, config: HttpConnectionConfig, signal: AbortSignal): Promise<TestResult> {
  const headers = { accept: '*/*', ...credentials(config) };
  return await ask(egress, { method: 'GET', url: config.baseUrl, headers, signal }, ({ status }, host) => {
    if (status === 401 || status === 403) return wrong(status, `${host} does not take these credentials (${status}).`);
    if (status >= 500) return wrong(status, `${host} is there, but has trouble of its own (${status}).`);
    return { ok: true, message: `${host} answers (${status}).`, details: { status } };
  });
}

function credentials({ auth, user, password, token, header, value }: HttpConnectionConfig): Record<string, string> {
  if (auth === 'bearer') return { authorization: `Bearer ${token}` };
  if (auth === 'basic') return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return auth === 'header' && header !== undefined && value !== undefined ? { [header]: value } : {};
}

/** Posts nothing: an empty text is refused by an incoming webhook that knows us, a token is only looked at. */
export async function testSlack(egress: Out, config: SlackConfig, signal: AbortSignal): Promise<TestResult> {
  const { token, webhookUrl, apiUrl } = config;
  if (webhookUrl !== undefined) {
    const request = { method: 'POST', url: webhookUrl, headers: JSON_TYPE, body: '{"text":""}', signal };
    return await ask(egress, request, ({ status, body }, host) => {
      const said = text(body);
      if (status === 200 || /no_text|invalid_payload|missing_text/.test(said)) {
        return { ok: true, message: `${host} knows this webhook.`, details: { status } };
      }
      return wrong(status, `${host} does not take posts to this webhook (${status}): make a new one in Slack.`);
    });
  }
  const request = { method: 'POST', url: `${apiUrl}/auth.test`, headers: { authorization: `Bearer ${token}` }, signal };
  return await ask(egress, request, ({ status, body }, host) => {
    const said = json(body);
    if (said.ok === true) {
      const [team, user] = [word(said.team), word(said.user)];
      return { ok: true, message: `Slack lets ${user} into ${team}.`, details: { team, user } };
    }
    const why = word(said.error);
    if (status >= 500 || why === '') return wrong(status, `${host} does not answer as Slack does (${status}).`);
    return wrong(status, `Slack does not take the token (${why}): give the token of a bot that is installed.`);
  });
}

/** Sends an event `myelin.test`, signed as all are: only the receiver can tell whether the secret is the right one. */
export async function testWebhook(
  egress: Out,
  { url, secret }: WebhookConfig,
  signal: AbortSignal,
  now: number,
): Promise<TestResult> {
  const [id, at] = [`msg_test_${now}`, Math.floor(now / 1_000)];
  const body = JSON.stringify({ type: 'myelin.test', timestamp: new Date(now).toISOString(), data: {} });
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
  const signed = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
  const request = { method: 'POST', url, headers: { ...JSON_TYPE, ...signed }, body, signal };
  return await ask(egress, request, ({ status }, host) => {
    if (status < 300) return { ok: true, message: `${host} took a test event (${status}).`, details: { status } };
    if (status === 400 || status === 401 || status === 403) {
      return wrong(status, `${host} refused a test event (${status}): check that it has the same secret.`);
    }
    return wrong(status, `${host} did not take a test event (${status}): check the address.`);
  });
}

async function ask(
  egress: Out,
  request: EgressRequest,
  read: (response: EgressResponse, host: string) => TestResult,
): Promise<TestResult> {
  const { host, hostname } = new URL(request.url);
  try {
    return read(await egress.request({ ...request, maxBytes: MAX_BYTES }), host);
  } catch (error) {
    const code = codeOf(error);
    return { ok: false, message: troubleOf(error, code === 'ENOTFOUND' ? hostname : host), details: { code } };
  }
}

const wrong = (status: number, message: string): TestResult => ({ ok: false, message, details: { status } });
const text = (body: Uint8Array): string => new TextDecoder().decode(body);
/** What comes from outside is shown as a word, or not at all. */
const word = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/[^\w .-]/g, '').slice(0, 100) : '';

function json(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text(body));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
