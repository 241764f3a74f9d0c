/**
 * The table of settings: each is one entry, and the type `Config`, the checks, `myelin config` and the
 * documentation come from it. A schema takes the text of the environment (a value of the file is turned into
 * text first) and yields the value the program uses.
 */
import { z } from 'zod';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { RULES, type RuleName } from '../core/masking/rules.ts';
import { parseMasterKeys } from '../core/master-key.ts';
import { formatRetention, parseRetention } from '../core/retention.ts';

export const ROLES = ['api', 'webhook', 'worker', 'scheduler'] as const;
/** What a process does; a process may have several roles. */
export type Role = (typeof ROLES)[number];

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export interface Setting<T> {
  /** Name in the environment and in the file. */
  readonly name: string;
  readonly description: string;
  /** As it would be written; absent: the setting may be unset. */
  readonly default?: string;
  readonly schema: z.ZodType<T, string>;
  /** For a secret: what may be shown of it. The value itself is never put into a message. */
  readonly mask?: (value: string) => string;
  /** How a value is written where its own text would not be taken. */
  show?(value: T): string;
}

function setting<T>(name: string, fallback: string, schema: z.ZodType<T, string>, description: string): Setting<T> {
  return { name, default: fallback, schema, description };
}

function optional<T>(
  name: string,
  schema: z.ZodType<T, string>,
  description: string,
  mask?: (value: string) => string,
): Setting<T | undefined> {
  return { name, schema, description, ...(mask && { mask }) };
}

const whole = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `takes a whole number from ${min} to ${max}` });
    return z.NEVER;
  });

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

const bytes = z.string().transform((text, context) => {
  const [, digits, unit] = /^(\d{1,15}) *([KMG]?B)?$/.exec(text.toUpperCase()) ?? [];
  const value = Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (value >= 1 && value <= UNITS.GB!) return value;
  context.addIssue({ code: 'custom', message: 'takes a size from 1 byte to 1GB, such as 65536, 512KB or 10MB' });
  return z.NEVER;
});

/** In milliseconds. */
const duration = (min: string, max: string) =>
  z.string().transform((text, context) => {
    const value = millisecondsOf(text);
    if (value >= parseDuration(min) && value <= parseDuration(max)) return value;
    context.addIssue({ code: 'custom', message: `takes a duration from ${min} to ${max}, such as 1500ms or 20s` });
    return z.NEVER;
  });

const FOREVER = 'forever';

/** In milliseconds; null: for ever. */
const durationOrForever = (min: string, max: string) =>
  z.string().transform((text, context): number | null => {
    if (text === FOREVER) return null;
    const value = millisecondsOf(text);
    if (value >= parseDuration(min) && value <= parseDuration(max)) return value;
    context.addIssue({ code: 'custom', message: `takes ${FOREVER}, or a duration from ${min} to ${max}, such as 30d` });
    return z.NEVER;
  });

function millisecondsOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Number.NaN;
  }
}

const showForever = (ms: number | null): string => (ms === null ? FOREVER : formatDuration(ms));
const showOptional = (ms: number | undefined): string => (ms === undefined ? '' : formatDuration(ms));

const words = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

const list = z.string().transform((text): readonly string[] => words(text));

const roles = z.string().transform((text, context): readonly Role[] => {
  const wanted = words(text);
  const known = ROLES.filter((role) => wanted.includes(role));
  if (known.length > 0 && known.length === wanted.length) return known;
  context.addIssue({ code: 'custom', message: `takes one or more of ${ROLES.join(', ')}, with commas between` });
  return z.NEVER;
});

const OFF = 'off';

const maskRules = z.string().transform((text, context): readonly RuleName[] => {
  const wanted = words(text);
  const known = RULES.filter((rule) => wanted.includes(rule));
  if (text.trim() === OFF || (known.length > 0 && known.length === wanted.length)) return known;
  context.addIssue({ code: 'custom', message: `takes ${OFF}, or some of ${RULES.join(', ')}, with commas between` });
  return z.NEVER;
});

const retention = z.string().transform((text, context) => {
  try {
    return parseRetention(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const masterKeys = z.string().transform((text, context) => {
  try {
    return parseMasterKeys(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const oneOf = <const T extends readonly string[]>(options: T) =>
  z.string().pipe(z.enum(options, { error: `takes one of ${options.join(', ')}` }));

const address = (protocols: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `takes an address such as ${example}`,
  });

const text = z.string();

/** Anything that is wholly secret. */
export const MASK = '***';

/** `postgres://user:***@host/name`: the password goes, what helps to find a wrong address stays. */
function maskPassword(value: string): string {
  const url = new URL(value);
  if (url.password !== '') url.password = MASK;
  if (url.searchParams.has('password')) url.searchParams.set('password', MASK);
  return url.href;
}

export const SETTINGS = {
  port: setting('PORT', '4400', whole(0, 65_535), 'TCP port of the HTTP server; 0 takes any free one'),
  host: setting('HOST', '127.0.0.1', text, 'address to listen on; 0.0.0.0 for every network of the machine'),
  publicUrl: optional(
    'PUBLIC_URL',
    address(['http:', 'https:'], 'https://myelin.example.com').transform((text) => text.replace(/\/+$/, '')),
    'where the outside finds the server, for callback addresses and links; unset: the address it listens on',
  ),
  databaseUrl: optional(
    'DATABASE_URL',
    address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name'),
    'PostgreSQL to use; unset: an embedded one in MYELIN_HOME',
    maskPassword,
  ),
  home: setting('MYELIN_HOME', '.myelin', text, 'folder of the embedded PostgreSQL, keys and config.yaml'),
  roles: setting('MYELIN_ROLES', ROLES.join(','), roles, `what this process does: ${ROLES.join(', ')}`),
  logLevel: setting('LOG_LEVEL', 'info', oneOf(LOG_LEVELS), `least level logged: ${LOG_LEVELS.join(', ')}`),
  mask: {
    ...setting('MYELIN_MASK', 'email,phone,card', maskRules, `what the log masks: ${RULES.join(', ')}; or off`),
    show: (rules: readonly RuleName[]) => (rules.length === 0 ? OFF : rules.join(',')),
  },
  egressAllow: setting('MYELIN_EGRESS_ALLOW', '', list, 'private hosts that workflows may call, with commas between'),
  maxBodyBytes: setting('MYELIN_MAX_BODY', '10MB', bytes, 'largest request body; 1MB is 1,048,576 bytes'),
  workerSlots: setting(
    'MYELIN_WORKER_SLOTS',
    '10000',
    whole(1, 1_000_000),
    'executions that one worker holds in memory at once',
  ),
  taskConcurrency: setting(
    'MYELIN_TASK_CONCURRENCY',
    '256',
    whole(1, 100_000),
    'tasks (HTTP calls, agents, code) that one worker runs at once',
  ),
  commitBatch: setting(
    'MYELIN_COMMIT_BATCH',
    '2000',
    whole(1, 100_000),
    'executions written in one transaction, at most',
  ),
  leaseMs: {
    ...setting(
      'MYELIN_LEASE',
      '20s',
      duration('1s', '10m'),
      'a worker silent for so long is taken for dead, and its executions go to others',
    ),
    show: formatDuration,
  },
  drainNoticeMs: {
    ...optional(
      'MYELIN_DRAIN_NOTICE',
      duration('0s', '5m'),
      'how long a server that was told to end says so at /health/ready, and serves on; unset: 0s on loopback, else 5s',
    ),
    show: showOptional,
  },
  queueLimit: setting(
    'MYELIN_QUEUE_LIMIT',
    '100000',
    whole(1, 100_000_000),
    'executions that may wait for a worker; beyond it webhooks are answered 503',
  ),
  dependencyLimit: setting(
    'MYELIN_DEPENDENCY_LIMIT',
    '128',
    whole(1, 100_000),
    'calls to one host or model that one worker makes at once; keep it below MYELIN_TASK_CONCURRENCY',
  ),
  dependencyLatencyMs: {
    ...optional(
      'MYELIN_DEPENDENCY_LATENCY',
      duration('1ms', '1h'),
      'what a call to a host or model should take, such as 2s: slower ones get fewer calls at once; unset: they do not',
    ),
    show: showOptional,
  },
  breakerThreshold: setting(
    'MYELIN_BREAKER_THRESHOLD',
    '10',
    whole(0, 1_000_000),
    'failed calls that open the circuit of a host or model, where they are half of all; 0: never',
  ),
  breakerWindowMs: {
    ...setting('MYELIN_BREAKER_WINDOW', '30s', duration('1s', '1h'), 'time in which these failures come'),
    show: formatDuration,
  },
  breakerResetMs: {
    ...setting('MYELIN_BREAKER_RESET', '30s', duration('100ms', '1h'), 'time that a circuit stays open before a probe'),
    show: formatDuration,
  },
  retention: {
    ...setting(
      'MYELIN_RETENTION',
      'completed=30d,failed=90d,canceled=30d',
      retention,
      'how long executions are kept after their end: ages, and `count=N` for the newest of each workflow; or `forever`',
    ),
    show: formatRetention,
  },
  sessionIdleMs: {
    ...setting(
      'MYELIN_SESSION_IDLE',
      '30d',
      durationOrForever('1m', '3650d'),
      'time without activity after which a session ends by itself, where its agent says nothing else; or `forever`',
    ),
    show: showForever,
  },
  keepSessionsMs: {
    ...setting(
      'MYELIN_KEEP_SESSIONS',
      '365d',
      durationOrForever('1h', '3650d'),
      'how long sessions are kept after their end; or `forever`',
    ),
    show: showForever,
  },
  keepMessagesMs: {
    ...setting(
      'MYELIN_KEEP_MESSAGES',
      '7d',
      duration('1h', '3650d'),
      'how long messages stay in their log, to be replayed',
    ),
    show: formatDuration,
  },
  masterKey: optional(
    'MYELIN_MASTER_KEY',
    masterKeys,
    'key that encrypts connections: 32 bytes in base64, the same on every machine; unset: master.key in MYELIN_HOME',
    () => MASK,
  ),
  crashAt: optional('MYELIN_CRASH_AT', text, 'for tests of durability: die at the failpoint of this label'),
  demo: setting(
    'MYELIN_DEMO',
    'on',
    oneOf(['on', 'off']).transform((word) => word === 'on'),
    'off: no demo workflow at the first start',
  ),
  url: optional('MYELIN_URL', address(['http:', 'https:'], 'http://127.0.0.1:4400'), 'server that the CLI speaks to'),
  apiKey: optional('MYELIN_API_KEY', text, 'key that the CLI sends', () => MASK),
} as const;

/** `MYELIN_SECRET_NAME` is what workflows see as `$secrets.NAME`. */
export const SECRET_PREFIX = 'MYELIN_SECRET_';
export const SECRET_NAME = /^(?!(constructor|prototype)$)[A-Za-z][A-Za-z0-9_]*$/;
