import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { parseRetention } from '../core/retention.ts';
import { loadConfig } from './config.ts';
import { describeConfig } from './describe.ts';
import { SETTINGS } from './settings.ts';

function refusal(env: Record<string, string>): MyelinError {
  try {
    loadConfig(env, '/nowhere');
  } catch (error) {
    if (error instanceof MyelinError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

const faultsOf = (error: MyelinError) => (error.data as { path: string }[]).map((fault) => fault.path);

test('with nothing set, everything is a default', () => {
  const { sources, secrets, models, ...values } = loadConfig({}, '/srv/app');
  expect(Object.keys(models.providers)).toEqual(['openai', 'openai-chat', 'anthropic', 'google', 'scripted']);
  expect(models).toMatchObject({ models: {}, keys: {} });
  expect(values).toEqual({
    port: 4400,
    host: '127.0.0.1',
    databaseUrl: undefined,
    home: '/srv/app/.myelin',
    roles: ['api', 'webhook', 'worker', 'scheduler'],
    logLevel: 'info',
    mask: ['email', 'card', 'phone'],
    egressAllow: [],
    maxBodyBytes: 10 * 1024 * 1024,
    workerSlots: 10_000,
    taskConcurrency: 256,
    commitBatch: 2_000,
    leaseMs: 20_000,
    retention: parseRetention('completed=30d,failed=90d,canceled=30d'),
    sessionIdleMs: 30 * 24 * 3_600_000,
    keepSessionsMs: 365 * 24 * 3_600_000,
    keepMessagesMs: 7 * 24 * 3_600_000,
    masterKey: undefined,
    publicUrl: undefined,
    drainNoticeMs: undefined,
    queueLimit: 100_000,
    dependencyLimit: 128,
    dependencyLatencyMs: undefined,
    breakerThreshold: 10,
    breakerWindowMs: 30_000,
    breakerResetMs: 30_000,
    crashAt: undefined,
    demo: true,
    url: undefined,
    apiKey: undefined,
    tools: [],
  });
  expect(Object.keys(secrets)).toEqual([]);
  expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
});

test('what the log masks is named, or turned off', () => {
  expect(loadConfig({ MYELIN_MASK: 'off' }, '/').mask).toEqual([]);
  expect(loadConfig({ MYELIN_MASK: 'ip, email' }, '/').mask).toEqual(['email', 'ip']);
  const error = refusal({ MYELIN_MASK: 'email,names' });
  expect(error.message).toMatch(/MYELIN_MASK.*takes off, or some of email/);
});

test('the environment is parsed to values', () => {
  const config = loadConfig(
    {
      PORT: '0',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgresql://me:pw@db:5432/app',
      MYELIN_HOME: '/var/lib/myelin',
      MYELIN_ROLES: 'worker, api,worker',
      LOG_LEVEL: 'debug',
      MYELIN_EGRESS_ALLOW: 'db.internal, 10.0.0.0/8',
      MYELIN_MAX_BODY: '2 mb',
      MYELIN_WORKER_SLOTS: '5',
      MYELIN_DEMO: 'off',
      MYELIN_CRASH_AT: 'after-commit',
      MYELIN_URL: 'https://flows.example',
      PATH: '/usr/bin',
    },
    '/srv/app',
  );
  expect(config).toMatchObject({
    port: 0,
    host: '0.0.0.0',
    databaseUrl: 'postgresql://me:pw@db:5432/app',
    home: '/var/lib/myelin',
    roles: ['api', 'worker'],
    logLevel: 'debug',
    egressAllow: ['db.internal', '10.0.0.0/8'],
    maxBodyBytes: 2 * 1024 * 1024,
    workerSlots: 5,
    demo: false,
    crashAt: 'after-commit',
    url: 'https://flows.example',
  });
});

test.each([
  ['65536', 65_536],
  ['1B', 1],
  ['512KB', 524_288],
  ['1GB', 1_073_741_824],
])('MYELIN_MAX_BODY takes %s', (text, bytes) => {
  expect(loadConfig({ MYELIN_MAX_BODY: text }, '/nowhere').maxBodyBytes).toBe(bytes);
});

test.each(['0', '-1', '1.5MB', '10 apples', '2GB', 'MB'])('MYELIN_MAX_BODY refuses %s', (text) => {
  expect(faultsOf(refusal({ MYELIN_MAX_BODY: text }))).toEqual(['MYELIN_MAX_BODY']);
});

test.each([
  ['MYELIN_LEASE', '1s500ms', 'leaseMs', 1_500],
  ['MYELIN_LEASE', '10m', 'leaseMs', 600_000],
  ['MYELIN_DRAIN_NOTICE', '0s', 'drainNoticeMs', 0],
  ['MYELIN_DRAIN_NOTICE', '1m30s', 'drainNoticeMs', 90_000],
] as const)('%s takes %s, and is shown as it is written', (name, text, key, ms) => {
  const config = loadConfig({ [name]: text }, '/nowhere');
  expect(config[key]).toBe(ms);
  expect(describeConfig(config).find((line) => line.name === name)).toMatchObject({ value: text });
});

test.each(['completed=7d,count=100', 'forever'])('MYELIN_RETENTION takes %s', (text) => {
  const config = loadConfig({ MYELIN_RETENTION: text }, '/nowhere');
  expect(config.retention).toEqual(parseRetention(text));
  expect(describeConfig(config).find((line) => line.name === 'MYELIN_RETENTION')).toMatchObject({ value: text });
});

test('MYELIN_RETENTION refuses what ends no execution', () => {
  expect(() => loadConfig({ MYELIN_RETENTION: 'completed=7d,running=1d' }, '/nowhere')).toThrow(
    'takes forever, or any of',
  );
});

test.each(['0s', '999ms', '11m', '20', 'soon', '-5s'])('MYELIN_LEASE refuses %s', (text) => {
  expect(faultsOf(refusal({ MYELIN_LEASE: text }))).toEqual(['MYELIN_LEASE']);
});

test('a time may be unset', () => {
  expect(loadConfig({}, '/nowhere').dependencyLatencyMs).toBeUndefined();
  expect(loadConfig({ MYELIN_DEPENDENCY_LATENCY: '1m30s' }, '/nowhere').dependencyLatencyMs).toBe(90_000);
});

test('the config is frozen to the ground', () => {
  const config = loadConfig({ MYELIN_SECRET_A: 'x' }, '/nowhere');
  for (const part of [config, config.roles, config.egressAllow, config.secrets, config.sources]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('all faults are reported at once, each with what the setting takes', () => {
  const error = refusal({ PORT: '70000', LOG_LEVEL: 'loud', MYELIN_ROLES: 'api,cook', MYELIN_TASK_CONCURRENCY: '1e3' });
  expect(error.code).toBe('config_refused');
  expect(faultsOf(error)).toEqual(['PORT', 'MYELIN_ROLES', 'LOG_LEVEL', 'MYELIN_TASK_CONCURRENCY']);
  expect(error.message).toContain('4 settings are not valid');
  expect(error.message).toContain('PORT: "70000" of the environment is not valid: it takes a whole number from 0');
  expect(error.message).toContain('one or more of api, webhook, worker, scheduler');
});

test('a refused secret is not shown', () => {
  const error = refusal({ DATABASE_URL: 'mysql://root:hunter2@db' });
  expect(faultsOf(error)).toEqual(['DATABASE_URL']);
  expect(JSON.stringify([error.message, error.data])).not.toContain('hunter2');
});

test('an empty variable counts as unset', () => {
  const config = loadConfig({ PORT: '', DATABASE_URL: '', MYELIN_HOME: '', MYELIN_SECRET_A: '' }, '/srv');
  expect(config).toMatchObject({ port: 4400, databaseUrl: undefined, home: '/srv/.myelin' });
  expect(config.secrets).toEqual({});
});

test('secrets are collected by name, without a prototype', () => {
  const { secrets } = loadConfig({ MYELIN_SECRET_GITHUB: 'g', MYELIN_SECRET_Slack_1: 's' }, '/nowhere');
  expect({ ...secrets }).toEqual({ GITHUB: 'g', Slack_1: 's' });
  expect(Object.getPrototypeOf(secrets)).toBeNull();
});

test.each(['MYELIN_SECRET_', 'MYELIN_SECRET___proto__', 'MYELIN_SECRET_constructor', 'MYELIN_SECRET_a-b'])(
  '%s is refused as a secret',
  (name) => {
    expect(faultsOf(refusal({ [name]: 'x' }))).toEqual([name]);
  },
);

test('the description lists every setting and shows no secret', () => {
  const config = loadConfig(
    {
      DATABASE_URL: 'postgres://me:hunter2@db/app?password=hunter2',
      MYELIN_API_KEY: 'hunter2',
      MYELIN_SECRET_TOKEN: 'hunter2',
    },
    '/srv',
  );
  const lines = describeConfig(config);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines.map((line) => line.name)).toEqual([
    ...Object.values(SETTINGS).map((setting) => setting.name),
    'MYELIN_SECRET_TOKEN',
  ]);
  const byName = new Map(lines.map((line) => [line.name, line]));
  expect(byName.get('DATABASE_URL')).toMatchObject({
    value: 'postgres://me:***@db/app?password=***',
    source: 'environment',
  });
  expect(byName.get('PORT')).toMatchObject({ value: '4400', source: 'default' });
  expect(byName.get('MYELIN_BREAKER_RESET')!.value).toBe('30s');
  expect(byName.get('MYELIN_DEMO')!.value).toBe('on');
  expect(byName.get('MYELIN_URL')!.value).toBe('');
  expect(byName.get('MYELIN_SECRET_TOKEN')).toMatchObject({ value: '***', source: 'environment' });
});

test('every default is valid and every setting is described', () => {
  for (const setting of Object.values(SETTINGS)) {
    if (setting.default !== undefined) expect(setting.schema.safeParse(setting.default).success).toBe(true);
    expect(setting.description.length).toBeGreaterThan(10);
  }
});
