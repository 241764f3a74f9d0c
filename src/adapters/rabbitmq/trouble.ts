/** What RabbitMQ refuses, in words of what to do. */
import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import { portOf, type RabbitmqConfig } from '../../core/connections/types/rabbitmq.ts';
import { MyelinError } from '../../core/errors.ts';

export interface About {
  readonly config: Pick<RabbitmqConfig, 'host' | 'port' | 'tls' | 'user' | 'vhost'>;
  /** What was being worked with, such as `the queue orders`. */
  readonly what?: string;
}

/** By the code that the server closes a channel or a connection with. */
const REFUSALS: Readonly<Record<number, (what: string, about: About) => string>> = {
  403: (what, { config }) => `${config.user} may not use ${what}: see its permissions.`,
  404: (what) => `There is no ${what.replace(/^the /, '')}.`,
  405: (what) => `Another has ${what} for itself alone.`,
  406: (what) =>
    `The server has ${what} in another way than it is asked for: its kind, whether it is durable, or its arguments.`,
  530: (_, { config }) => `There is no virtual host ${config.vhost}, or ${config.user} may not enter it.`,
};
const SIGN_IN_REFUSED = /ACCESS[_-]REFUSED - Login was refused|Handshake terminated by server: 403/;
/** Words of the library, which has no codes for what becomes of a connection. */
const BROKEN =
  /^(Socket closed|Unexpected close|Heartbeat timeout|Connection clos|Channel (ended|clos)|channel closed|connect ETIMEDOUT)/;

/** `broker_refused`, `connection_failed`, or what the egress has said. */
export function rabbitmqError(error: unknown, about: About): MyelinError {
  if (error instanceof MyelinError) return error;
  const { config, what = 'what it was asked for' } = about;
  const place = `${config.host}:${portOf(config)}`;
  const { message = '', code } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  if (SIGN_IN_REFUSED.test(message)) {
    return new MyelinError('broker_refused', `Wrong user or password: the server does not let ${config.user} in.`);
  }
  if (message === 'message nacked') {
    return new MyelinError('broker_refused', `The server did not take it: ${what} takes no more, or has a fault.`);
  }
  if (code === 406 && message.includes('acknowledgement')) {
    return new MyelinError(
      'connection_failed',
      `${place} waits no longer for messages to be taken: see its consumer_timeout.`,
    );
  }
  // Of a virtual host that cannot be entered the library tells only that it was sent away.
  const number = /Expected ConnectionOpenOk; got/.test(message) ? 530 : code;
  if (typeof number === 'number') {
    const refusal = REFUSALS[number];
    if (refusal !== undefined) return new MyelinError('broker_refused', refusal(what, about));
    return new MyelinError('connection_failed', `${place}: the server has ended it, with the code ${number}.`);
  }
  const known = codeOf(error);
  if (known !== 'unknown') return new MyelinError('connection_failed', troubleOf(error, place));
  if (/ETIMEDOUT/.test(message)) return new MyelinError('connection_failed', troubleOf({ code: 'ETIMEDOUT' }, place));
  if (!BROKEN.test(message) && !/handshake|SASL/.test(message)) {
    return new MyelinError('internal', 'A message could not be taken or sent, by a fault of our own.');
  }
  const hint = config.tls === 'off' ? ', and whether it wants TLS' : '';
  return new MyelinError('connection_failed', `${place} broke the connection off: check the port${hint}.`);
}
