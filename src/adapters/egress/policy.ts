/**
 * Who may be called. Hosts are judged by name before a look-up and addresses after it, so a name says nothing about
 * where it leads unless the operator listed the name itself.
 */
import ipaddr from 'ipaddr.js';
import { MyelinError } from '../../core/errors.ts';
import { isLoopback, isPublic, isWithin, parseAddress, type Range } from './address.ts';

export interface Policy {
  /** Throws `egress_denied` for what may not be called whatever its name resolves to. */
  checkUrl(url: URL): void;
  /** True where the host is listed by name: it may be called at any address. */
  isListed(hostname: string, port: number): boolean;
  /** True where the address may be dialed. */
  permits(address: string): boolean;
}

/**
 * `allow` lists `host`, `host:port`, `*.domain` (any name below it), an address or a CIDR range;
 * `loopback` permits 127.0.0.0/8 and ::1. Throws `config_refused` for an entry of another form.
 */
export function createPolicy(options: { readonly allow: readonly string[]; readonly loopback: boolean }): Policy {
  const { names, suffixes, ranges } = parseAllow(options.allow);

  const isListed = (hostname: string, port: number): boolean => {
    const name = plainName(hostname);
    return names.has(name) || names.has(`${name}:${port}`) || suffixes.some((suffix) => name.endsWith(suffix));
  };

  const permits = (text: string): boolean => {
    const address = parseAddress(text);
    if (address === undefined) return false;
    return isWithin(address, ranges) || (options.loopback && isLoopback(address)) || isPublic(address);
  };

  const checkUrl = (url: URL): void => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw denied(url, `has the scheme ${url.protocol.slice(0, -1)}; use http or https`);
    }
    if (url.username !== '' || url.password !== '') {
      throw denied(url, 'carries a user or password in the URL; send it as a header');
    }
    const isAddress = parseAddress(url.hostname) !== undefined;
    if (isAddress && !isListed(url.hostname, portOf(url)) && !permits(url.hostname)) throw denied(url, NOT_PUBLIC);
  };

  return { checkUrl, isListed, permits };
}

export const NOT_PUBLIC = 'is private, local or reserved; use a public address, or name it in MYELIN_EGRESS_ALLOW';

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

/** Host and path, never query, user or password: what a message may say of an address. */
export const placeOf = (url: URL): string => `${url.host}${url.pathname}`;

export function denied(url: URL, why: string): MyelinError {
  return new MyelinError('egress_denied', `${placeOf(url)} ${why}.`);
}

interface Allowed {
  readonly names: ReadonlySet<string>;
  readonly suffixes: readonly string[];
  readonly ranges: readonly Range[];
}

function parseAllow(entries: readonly string[]): Allowed {
  const names = new Set<string>();
  const suffixes: string[] = [];
  const ranges: Range[] = [];
  for (const entry of entries) {
    const range = parseRange(entry);
    if (range !== undefined) ranges.push(range);
    else if (/^\*\.[^*:/\s]+$/.test(entry)) suffixes.push(hostOf(entry.slice(2), entry, '.'));
    else names.add(hostOf(entry, entry, ''));
  }
  return { names, suffixes, ranges };
}

function parseRange(entry: string): Range | undefined {
  const [base = '', bits] = entry.split('/');
  const address = parseAddress(base);
  // Only with a whole address before the slash: the library reads 10/8 as 0.0.0.10/8.
  if (bits !== undefined) return address && ipaddr.isValidCIDR(entry) ? ipaddr.parseCIDR(entry) : undefined;
  return address === undefined ? undefined : [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** The entry as URL normalizes it (case, international names), with its port; `http` has no place to hide 80 in. */
function hostOf(text: string, entry: string, prefix: string): string {
  const form = /^(\[[^\]]+\]|[^\s:/?#@*\\[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const url = form && URL.canParse(`http://${form[1]}`) ? new URL(`http://${form[1]}`) : undefined;
  const port = form?.[2] === undefined ? '' : `:${Number(form[2])}`;
  if (url === undefined || Number(form?.[2] ?? 1) > 65_535) {
    const message = `MYELIN_EGRESS_ALLOW: "${entry}" is not a host, host:port, *.domain, address or CIDR range.`;
    throw new MyelinError('config_refused', message);
  }
  return `${prefix}${plainName(url.hostname)}${port}`;
}

/** Without the dot of the root and without the brackets of IPv6. */
function plainName(hostname: string): string {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return bare.endsWith('.') ? bare.slice(0, -1) : bare;
}
