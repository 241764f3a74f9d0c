/** Sockets for what does not speak HTTP: the same policy, and the address that was checked is the one that is dialed. */
import { isIP, type LookupFunction, Socket } from 'node:net';
import { checkedLookup, denied, type Lookup } from './connector.ts';
import type { Policy } from './policy.ts';

/** Throws `egress_denied`, or what the look-up says. */
export async function checkedAddress(policy: Policy, lookup: Lookup, host: string, port: number): Promise<string> {
  const isListed = policy.isListed(host, port);
  const addresses = isIP(host) === 0 ? await lookup(host) : [host];
  const found = addresses.find((address) => isListed || policy.permits(address));
  if (found === undefined) throw denied(host);
  return found;
}

/**
 * Not connected yet, since drivers want to hear of that: its `connect` dials this host and port, whatever it is given.
 * A host that may not be called is an error of the socket, `egress_denied`.
 */
export function checkedSocket(policy: Policy, lookup: Lookup, host: string, port: number): Socket {
  const socket = new Socket();
  const isListed = policy.isListed(host, port);
  const checked: LookupFunction = checkedLookup(lookup, isListed ? () => true : policy.permits);
  const dial = socket.connect.bind(socket);
  const connect = (): Socket => {
    // An address is not looked up, so this is its only check.
    if (isIP(host) !== 0 && !isListed && !policy.permits(host)) return socket.destroy(denied(host));
    return dial({ host, port, lookup: checked, autoSelectFamily: true });
  };
  return Object.assign(socket, { connect });
}
