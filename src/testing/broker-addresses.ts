/**
 * Where the brokers are that `scripts/services.sh start` has started; they are found here without being named.
 * They are shared by all tests of the machine: topics, queues and streams get names of their own, and a test that
 * stops or kills a broker has one to itself (`own-broker.ts`).
 */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, environment } from '../config/environment.ts';

export const BROKERS = ['kafka', 'rabbitmq', 'redis', 'nats'] as const;
export type BrokerName = (typeof BROKERS)[number];

const VARIABLES: Readonly<Record<BrokerName, string>> = {
  kafka: 'MYELIN_TEST_KAFKA',
  rabbitmq: 'MYELIN_TEST_RABBITMQ',
  redis: 'MYELIN_TEST_REDIS',
  nats: 'MYELIN_TEST_NATS',
};

/** `host:port` of Kafka, a URL of the others; undefined where there is none. A variable of the same name wins. */
export function brokerOf(name: BrokerName, env: Environment = environment()): string | undefined {
  return env[VARIABLES[name]] || (isUp(name, env) ? announced(env)[VARIABLES[name]] : undefined);
}

/** Kafka's second listener, `user:password@host:port`, which wants SASL/PLAIN. */
export function kafkaSasl(env: Environment = environment()): string | undefined {
  return env.MYELIN_TEST_KAFKA_SASL || (isUp('kafka', env) ? announced(env).MYELIN_TEST_KAFKA_SASL : undefined);
}

interface Lookup {
  readonly address: string;
  /** What is not there, and what to do about it. */
  readonly missing?: string;
  /** Tests must not be left out for it. */
  readonly demanded: boolean;
}

export function lookUp(name: BrokerName, env: Environment = environment()): Lookup {
  const address = brokerOf(name, env);
  if (address !== undefined) return { address, demanded: false };
  const mend = `scripts/services.sh install ${name} && scripts/services.sh start ${name}`;
  return { address: '', missing: `${name} does not run; ${mend}`, demanded: isCi(env.CI) };
}

const isCi = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false'].includes(value);

const home = (env: Environment): string =>
  resolve(env.MYELIN_SERVICES || join(env.TMPDIR || tmpdir(), 'myelin-services'));

function announced(env: Environment): Readonly<Record<string, string | undefined>> {
  return parseEnv(read(join(home(env), 'env')));
}

/** A machine that went down left its files behind. */
function isUp(name: BrokerName, env: Environment): boolean {
  const pid = Number.parseInt(read(join(home(env), name, 'main.pid')), 10);
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
