/**
 * Which addresses are on the public internet. Everything is refused that is not plainly global unicast, so an address
 * family or range nobody thought of is refused too.
 */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Range = readonly [Address, number];

/** Global unicast (RFC 4291). Outside it lie the IPv4-compatible and IPv4-translated forms, among others. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by number, but answered by the host itself: the wire server of Azure's machines. */
const PLATFORM: readonly Range[] = [ipaddr.parseCIDR('168.63.129.16/32')];

const LOOPBACK: readonly Range[] = [ipaddr.parseCIDR('127.0.0.0/8'), ipaddr.parseCIDR('::1/128')];

/** Undefined where the text is not an address: then it is a name. IPv6 may stand in brackets, as URLs have it. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  // The strict four-part form only; what else IPv4 may look like has been normalized by URL before.
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : undefined;
}

/** True within one of the ranges. An IPv4-mapped address is IPv6 here and matches no IPv4 range. */
export function isWithin(address: Address, ranges: readonly Range[]): boolean {
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range as [Address, number]));
}

/** True for 127.0.0.0/8 and ::1, in these two forms only. */
export const isLoopback = (address: Address): boolean => isWithin(address, LOOPBACK);

/**
 * False for private, loopback, link-local, shared (CGNAT), unique local, multicast, unspecified, mapped, NAT64,
 * 6to4, Teredo, documentation, benchmarking and reserved addresses.
 */
export function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || isWithin(address, PLATFORM)) return false;
  return address.kind() === 'ipv4' || isWithin(address, [GLOBAL_IPV6]);
}
