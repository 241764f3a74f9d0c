/**
 * Opens connections to checked addresses only. The check sits in the look-up of the connection itself and hands on
 * the very addresses it saw, so there is no second look-up that could answer otherwise (DNS rebinding).
 */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { MyelinError } from '../../core/errors.ts';
import { NOT_PUBLIC, type Policy } from './policy.ts';

/** The addresses of a name, in the order to try them; throws where it has none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

const CONNECT_TIMEOUT_MS = 10_000;

export const lookupBySystem: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map((entry) => entry.address);

/** A connector for undici. TLS certificates are checked against the name, whatever address is dialed. */
export function createConnector(policy: Policy, lookup: Lookup): buildConnector.connector {
  const common = { timeout: CONNECT_TIMEOUT_MS, allowH2: false, autoSelectFamily: true };
  const toListed = buildConnector({ ...common, lookup: checkedLookup(lookup, () => true) });
  const toPermitted = buildConnector({ ...common, lookup: checkedLookup(lookup, policy.permits) });

  return (target, callback) => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    if (policy.isListed(target.hostname, port)) return toListed(target, callback);
    // An address is not looked up, so this is its only check here; `checkUrl` made the same before.
    if (isIP(target.hostname) !== 0 && !policy.permits(target.hostname)) {
      queueMicrotask(() => callback(denied(target.hostname), null));
      return;
    }
    toPermitted(target, callback);
  };
}

/** The look-up of a socket: the permitted ones of a name's addresses, and `egress_denied` where none is. */
export function checkedLookup(lookup: Lookup, permits: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (addresses: readonly string[]): void => {
      const found = addresses
        .filter((address) => permits(address))
        .map((address) => ({ address, family: isIP(address) }));
      const first = found[0];
      if (first === undefined) callback(denied(hostname), []);
      else if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    };
    lookup(hostname).then(answer, (error: NodeJS.ErrnoException) => callback(error, []));
  };
}

export function denied(hostname: string): MyelinError {
  return new MyelinError('egress_denied', `${hostname} ${NOT_PUBLIC}.`);
}
