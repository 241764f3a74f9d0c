/** All types of connections. A new one: its file, a line here, and its test in adapters/connections. */
import type { ConnectionType } from './connection-type.ts';
import { http } from './types/http.ts';
import { kafka } from './types/kafka.ts';
import { postgres } from './types/postgres.ts';
import { redis } from './types/redis.ts';
import { slack } from './types/slack.ts';
import { smtp } from './types/smtp.ts';
import { webhook } from './types/webhook.ts';

// biome-ignore lint/suspicious/noExplicitAny: a registry holds types of different configs
const TYPES: readonly ConnectionType<any>[] = [http, kafka, postgres, redis, slack, smtp, webhook];

export const connectionTypes: ReadonlyMap<string, ConnectionType> = new Map(TYPES.map((type) => [type.type, type]));
