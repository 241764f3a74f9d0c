/** What NATS refuses, in words of what to do. */
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import {
  AuthorizationError,
  NoRespondersError,
  PermissionViolationError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import type { NatsConfig } from '../../core/connections/types/nats.ts';
import { MyelinError } from '../../core/errors.ts';

type About = Pick<NatsConfig, 'servers' | 'user' | 'tls'>;

/** By the numbers of JetStream. */
const REFUSALS: Readonly<Record<number, string>> = {
  10026: 'The stream has as many consumers as it may have: see its max_consumers.',
  10047: 'JetStream has no room left for the message: see its storage.',
  10054: 'The message is larger than the stream takes: see its max_msg_size.',
  10059: 'There is no such stream: make it, or check its name.',
  10077: 'The stream is full and takes nothing new: see its limits.',
  10093: 'The stream does not take this subject: check both.',
  10099: 'The stream is a work queue, which another consumer reads already.',
  10100: 'The stream is a work queue, and another consumer reads this subject already.',
  10101: 'The stream is a work queue, which is read from its beginning: set `from` to earliest.',
};
const OFF = 'JetStream is off, at the server or for this account: turn it on.';

export const isNotFound = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;

/** Nobody listens to what it was sent to. */
export const isUnanswered = (error: unknown): boolean => within(error).some((one) => one instanceof NoRespondersError);

/** Of a request to JetStream itself. */
export const isWithoutJetStream = (error: unknown): boolean =>
  isUnanswered(error) ||
  within(error).some(
    (one) => one instanceof JetStreamApiError && one.code === JetStreamApiCodes.JetStreamNotEnabledForAccount,
  );

/** `broker_refused`, `connection_failed`, or what the egress has said. */
export function natsError(error: unknown, about: About): MyelinError {
  const all = within(error);
  const own = all.find((one) => one instanceof MyelinError);
  if (own !== undefined) return own;
  const refused = (message: string) => new MyelinError('broker_refused', message);
  const failed = (message: string) => new MyelinError('connection_failed', message);
  const who = about.user ?? 'the user of this sign-in';
  const denied = all.find((one) => one instanceof PermissionViolationError);
  if (denied !== undefined)
    return refused(`The server does not let ${who} use ${denied.subject}: see its permissions.`);
  if (all.some((one) => one instanceof AuthorizationError)) {
    return refused(`Wrong credentials: the server does not let ${about.user ?? 'us'} in.`);
  }
  if (all.some((one) => one instanceof UserAuthenticationExpiredError)) return refused('The credentials have expired.');
  if (isWithoutJetStream(error)) return refused(OFF);
  const told = all.find((one) => one instanceof JetStreamApiError);
  if (told !== undefined) return toldBy(told);
  const code = codeOf(error);
  if (code !== 'unknown') return failed(troubleOf(error, about.servers));
  if (all.some((one) => one instanceof TimeoutError)) return failed(troubleOf({ code: 'ETIMEDOUT' }, about.servers));
  return otherwise(all, about);
}

/** What passes by itself has the status of a server's fault, as in HTTP. */
function toldBy(error: JetStreamApiError): MyelinError {
  const message = REFUSALS[error.code];
  if (message !== undefined) return new MyelinError('broker_refused', message);
  if (isNotFound(error)) return new MyelinError('connection_failed', 'The consumer was removed; it is made anew.');
  const code = error.status >= 500 ? 'connection_failed' : 'broker_refused';
  return new MyelinError(code, `JetStream refuses it with its error ${error.code}.`);
}

/** The library has no codes for what becomes of its connection. */
function otherwise(all: readonly Error[], { servers, tls }: About): MyelinError {
  const [first] = all;
  if (first?.name === 'InvalidArgumentError' && first.message.includes('max_payload')) {
    return new MyelinError('broker_refused', 'The message is larger than the server takes: see its max_payload.');
  }
  if (first?.message.includes("'tls'")) {
    return new MyelinError(
      'connection_failed',
      `${servers} does not speak TLS as it was asked to: check port and \`tls\`.`,
    );
  }
  if (first === undefined || !OF_CONNECTIONS.test(first.name)) {
    return new MyelinError('internal', 'A message could not be taken, by a fault of our own.');
  }
  const hint = tls === 'off' ? ', and whether it wants TLS' : '';
  return new MyelinError('connection_failed', `${servers} broke the connection off: check the port${hint}.`);
}

const OF_CONNECTIONS =
  /^(ClosedConnection|DrainingConnection|Connection|Request|Protocol|JetStream|JetStreamStatus)Error$/;

/** The error and all that it wraps. */
function within(error: unknown): Error[] {
  const all: Error[] = [];
  for (let one = error; one instanceof Error && all.length < 10; one = one.cause) all.push(one);
  return all;
}
