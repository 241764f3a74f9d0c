/** What is wrong outside, in words of what to do. Texts of drivers are not handed on: nobody knows what is in them. */
import { MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';

const REASONS: Readonly<Record<string, (place: string) => string>> = {
  ENOTFOUND: (place) => `There is no host ${place}: check its name.`,
  EAI_AGAIN: (place) => `The name ${place} could not be looked up: check it, and the DNS of this machine.`,
  ECONNREFUSED: (place) => `${place} takes no connections: check the port, and that the server is on.`,
  EHOSTUNREACH: (place) => `There is no way to ${place} from here: check the network.`,
  ENETUNREACH: (place) => `There is no way to ${place} from here: check the network.`,
  ETIMEDOUT: (place) => `${place} does not answer in time: check host, port and firewalls.`,
  ECONNRESET: (place) => `${place} broke the connection off: check the port, and whether it wants TLS.`,
  EPIPE: (place) => `${place} broke the connection off: check the port, and whether it wants TLS.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (place) => `The certificate of ${place} is of another name: check the host.`,
  CERT_HAS_EXPIRED: (place) => `The certificate of ${place} is out of date.`,
};

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+)$/;
const NO_TLS = /^(EPROTO|ERR_SSL_\w+|ETLS)$/;

/** `place` is a host, with its port where that helps. */
export function troubleOf(error: unknown, place: string): string {
  // Not its own message, which names the path: that of a webhook of Slack is its secret.
  if (error instanceof MyelinError && error.code === 'egress_denied') {
    return `This server may not call ${place}, or where it leads: it is private or local. See MYELIN_EGRESS_ALLOW.`;
  }
  if (error instanceof MyelinError && error.code === 'timeout') return REASONS.ETIMEDOUT!(place);
  const code = codeOf(error);
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (known !== undefined) return known(place);
  if (UNTRUSTED.test(code)) return `The certificate of ${place} is of nobody that this server trusts (${code}).`;
  if (NO_TLS.test(code)) return `${place} does not speak TLS as it was asked to: check port and \`tls\`.`;
  return `${place} could not be reached (${code}).`;
}

/** The code at the bottom: errors wrap each other, and some hold those of several addresses. */
export function codeOf(error: unknown): string {
  if (!isObject(error)) return 'unknown';
  const { cause, code } = error as { cause?: unknown; code?: unknown };
  const inner = error instanceof AggregateError ? error.errors[0] : cause;
  if (isObject(inner)) return codeOf(inner);
  return typeof code === 'string' ? code : 'unknown';
}
