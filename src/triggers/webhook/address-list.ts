/**
 * Addresses that may call a webhook. An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is the IPv4 address,
 * on both sides, since a dual-stack socket reports every IPv4 caller that way.
 */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

const MAPPED_BITS = 96;

/** An address or CIDR range; undefined for anything else, such as octal or shortened IPv4. */
export function parseRange(text: string): Range | undefined {
  const [host = '', bits, ...rest] = text.split('/');
  const address = parseAddress(host);
  if (!address || rest.length > 0) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  if (!/^\d{1,3}$/.test(bits)) return undefined;
  const mapped = width === 32 && host.includes(':');
  const length = Number(bits) - (mapped ? MAPPED_BITS : 0);
  return length >= 0 && length <= width ? [address, length] : undefined;
}

/** True where `ip` lies in one of the ranges; false for an `ip` that is none. */
export function isListed(ip: string, ranges: readonly string[]): boolean {
  const address = parseAddress(ip);
  if (!address) return false;
  return ranges.some((text) => {
    const range = parseRange(text);
    return range?.[0].kind() === address.kind() && address.match(range as [Address, number]);
  });
}

function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : undefined;
}
