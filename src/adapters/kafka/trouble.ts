/** What Kafka refuses, in words of what to do. */
import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import type { KafkaConfig } from '../../core/connections/types/kafka.ts';
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';

export interface About {
  readonly config: Pick<KafkaConfig, 'brokers' | 'user' | 'tls'>;
  readonly topic?: string;
  readonly group?: string;
}

const REFUSALS: Readonly<Record<string, (about: About) => string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: ({ topic }) => `There is no topic ${topic}: create it, or check its name.`,
  UNKNOWN_TOPIC_ID: ({ topic }) => `The topic ${topic} was deleted.`,
  INVALID_TOPIC_EXCEPTION: ({ topic }) => `${topic} is no name of a topic.`,
  TOPIC_AUTHORIZATION_FAILED: (about) => `${who(about)} may not use the topic ${about.topic}: see its ACLs.`,
  GROUP_AUTHORIZATION_FAILED: (about) => `${who(about)} may not use the group ${about.group}: see its ACLs.`,
  CLUSTER_AUTHORIZATION_FAILED: (about) => `${who(about)} may not do this at the cluster: see its ACLs.`,
  SASL_AUTHENTICATION_FAILED: (about) => `Wrong user or password: the brokers do not let ${who(about)} in.`,
  UNSUPPORTED_SASL_MECHANISM: () => 'The brokers do not offer this sign-in: choose another `sasl`.',
  ILLEGAL_SASL_STATE: () => 'The brokers do not want a sign-in at this port: check the port, or set `sasl` to none.',
  MESSAGE_TOO_LARGE: ({ topic }) => `The message is larger than ${topic} takes: see its max.message.bytes.`,
  RECORD_LIST_TOO_LARGE: ({ topic }) => `The message is larger than ${topic} takes: see its segment.bytes.`,
  INVALID_RECORD: ({ topic }) => `${topic} does not take the message: a compacted topic wants a key.`,
  OFFSET_OUT_OF_RANGE: ({ topic }) => `The next messages of ${topic} are gone: it goes on with the oldest there are.`,
};

const who = ({ config }: About): string => config.user ?? 'who does not sign in';

/** `broker_refused`, `connection_failed`, or what the egress has said. */
export function brokerError(error: unknown, about: About): MyelinError {
  const all = [...within(error)];
  const own = all.find((one) => one instanceof MyelinError);
  if (own !== undefined) return own;
  const ids = all.map(idOf).filter((id) => id !== undefined);
  const known = ids.find((id) => Object.hasOwn(REFUSALS, id));
  if (known !== undefined) return new MyelinError('broker_refused', REFUSALS[known]!(about));
  if (all.some(({ code }) => code === 'PLT_KFK_AUTHENTICATION')) {
    return new MyelinError('broker_refused', REFUSALS.SASL_AUTHENTICATION_FAILED!(about));
  }
  const { brokers, tls } = about.config;
  const codes = all.map(({ code }) => code).filter((code): code is string => typeof code === 'string');
  const code = codes.find((one) => !one.startsWith('PLT_')) ?? codeOf(error);
  if (codes.length === 0) return new MyelinError('internal', 'A message could not be taken, by a fault of our own.');
  const [id] = ids;
  if (id !== undefined) return new MyelinError('connection_failed', `${brokers}: the broker says ${id}.`);
  if (code.startsWith('PLT_') || code === 'unknown') {
    const hint = tls === 'off' ? ', and whether they want TLS or a sign-in' : ', and whether they speak TLS there';
    return new MyelinError('connection_failed', `${brokers} do not answer as Kafka does: check the port${hint}.`);
  }
  return new MyelinError('connection_failed', troubleOf({ code }, brokers));
}

/** A topic that is not in the answer of the brokers is an error without an id of Kafka's. */
function idOf({ apiId, code, message }: Anything): string | undefined {
  if (typeof apiId === 'string') return apiId;
  const isUnknown = code === 'PLT_KFK_USER' && typeof message === 'string' && message.startsWith('Unknown topic');
  return isUnknown ? 'UNKNOWN_TOPIC_OR_PARTITION' : undefined;
}

interface Anything {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly apiId?: unknown;
}

/** The error and all that it wraps; errors of the library hold those of several brokers and tries. */
function* within(error: unknown, depth = 0): Generator<Anything & object> {
  if (!isObject(error) || depth > 10) return;
  yield error;
  const { cause, errors } = error;
  yield* within(cause, depth + 1);
  for (const one of Array.isArray(errors) ? errors : []) yield* within(one, depth + 1);
}
