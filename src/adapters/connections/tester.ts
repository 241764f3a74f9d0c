/** Tries connections of each type. */
import type { Fields } from '../../core/connections/parts.ts';
import type { HttpConnectionConfig } from '../../core/connections/types/http.ts';
import type { PostgresConfig } from '../../core/connections/types/postgres.ts';
import type { SlackConfig } from '../../core/connections/types/slack.ts';
import type { SmtpConfig } from '../../core/connections/types/smtp.ts';
import type { WebhookConfig } from '../../core/connections/types/webhook.ts';
import type { Brokers } from '../../ports/brokers.ts';
import type { ConnectionTester, TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { testHttp, testSlack, testWebhook } from './test-http.ts';
import { testPostgres } from './test-postgres.ts';
import { testSmtp } from './test-smtp.ts';

type Test = (config: Fields, signal: AbortSignal) => Promise<TestResult>;

/** A config has passed the schema of its type before it was sealed. */
const of =
  <C>(test: (config: C, signal: AbortSignal) => Promise<TestResult>): Test =>
  (config, signal) =>
    test(config as C, signal);

/** Brokers try their own. */
export function connectionTester(
  egress: Pick<Egress, 'request' | 'socket'>,
  now: () => number,
  brokers: Brokers = new Map(),
): ConnectionTester {
  const tests: Readonly<Record<string, Test>> = {
    http: of<HttpConnectionConfig>((config, signal) => testHttp(egress, config, signal)),
    postgres: of<PostgresConfig>((config, signal) => testPostgres(egress, config, signal)),
    slack: of<SlackConfig>((config, signal) => testSlack(egress, config, signal)),
    smtp: of<SmtpConfig>((config, signal) => testSmtp(egress, config, signal)),
    webhook: of<WebhookConfig>((config, signal) => testWebhook(egress, config, signal, now())),
  };
  return { test: (type, config, signal) => (brokers.get(type)?.test ?? tests[type]!)(config, signal) };
}
