import { describe, expect, it } from 'vitest';
import { createPolicy } from './policy.ts';

const PUBLIC_ONLY = createPolicy({ allow: [], loopback: false });
const verdict = (policy: ReturnType<typeof createPolicy>, url: string): string => {
  try {
    policy.checkUrl(new URL(url));
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** Spellings of addresses that are not public, as they may stand in a URL. */
const FORBIDDEN_HOSTS = [
  // IPv4 loopback in every spelling that URL takes
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7F.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.01',
  '0177.0x0.0.1',
  '127%2e0%2e0%2e1',
  '127。0。0。1',
  '１２７.0.0.1',
  '①②⑦.⓪.⓪.①',
  // Unspecified and "this network"
  '0',
  '0.0.0.0',
  '0x0',
  '00000',
  '0.1.2.3',
  // Private, shared, link-local, metadata
  '10.0.0.1',
  '10.1',
  '167772161',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '3232235777',
  '0xC0A80101',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '168.63.129.16',
  // Multicast, broadcast, reserved, documentation, benchmarking
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  // IPv6
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:a00:1]',
  '[::ffff:8.8.8.8]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::a00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[ff0e::1]',
  '[100::1]',
  '[2001:db8::1]',
  '[2001:2::1]',
  '[2001:10::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[4000::1]',
];

describe('forbidden hosts', () => {
  it('are more than forty', () => {
    expect(new Set(FORBIDDEN_HOSTS).size).toBeGreaterThan(40);
  });

  it.each(FORBIDDEN_HOSTS)('http://%s/ is refused', (host) => {
    expect(verdict(PUBLIC_ONLY, `http://${host}/`)).toBe('egress_denied');
    expect(verdict(PUBLIC_ONLY, `https://${host}:8443/x`)).toBe('egress_denied');
  });

  it.each(['http:127.0.0.1', 'http:\\\\127.0.0.1\\', 'http:///127.0.0.1', ' http://127.0.0.1', 'hTTp://127.0.0.1'])(
    '%j is refused',
    (url) => {
      expect(verdict(PUBLIC_ONLY, url)).toBe('egress_denied');
    },
  );

  it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.255.255', '[2606:4700:4700::1111]'])(
    'http://%s/ is public',
    (host) => {
      expect(verdict(PUBLIC_ONLY, `http://${host}/`)).toBe('allowed');
    },
  );
});

describe('forbidden URLs', () => {
  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'data:text/plain,x',
    'ws://example.com/',
    'javascript:alert(1)',
  ])('%s has the wrong scheme', (url) => {
    expect(verdict(PUBLIC_ONLY, url)).toBe('egress_denied');
  });

  it.each(['http://user:pass@example.com/', 'http://user@example.com/', 'http://:pass@example.com/'])(
    '%s carries credentials',
    (url) => {
      expect(verdict(PUBLIC_ONLY, url)).toBe('egress_denied');
    },
  );

  it('are named by host and path only', () => {
    const act = () => PUBLIC_ONLY.checkUrl(new URL('http://me:hunter2@example.com/hook?token=s3cret'));
    expect(act).toThrow(/^example\.com\/hook carries/);
    expect(act).not.toThrow(/hunter2|s3cret/);
  });
});

describe('addresses a name resolves to', () => {
  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '169.254.169.254',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    '64:ff9b::1',
    'localhost',
    '',
    '0x7f.1',
    '127.1',
  ])('%j is not permitted', (address) => {
    expect(PUBLIC_ONLY.permits(address)).toBe(false);
  });

  it('may be public', () => {
    expect(PUBLIC_ONLY.permits('93.184.216.34')).toBe(true);
    expect(PUBLIC_ONLY.permits('2606:2800:220:1::1')).toBe(true);
  });
});

describe('loopback', () => {
  const policy = createPolicy({ allow: [], loopback: true });

  it.each(['127.0.0.1', '127.9.9.9', '[::1]', '2130706433'])('permits %s', (host) => {
    expect(verdict(policy, `http://${host}/`)).toBe('allowed');
  });

  it.each(['[::ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '0.0.0.0', '10.0.0.1', '169.254.169.254'])(
    'does not permit %s',
    (host) => {
      expect(verdict(policy, `http://${host}/`)).toBe('egress_denied');
    },
  );
});

describe('allow', () => {
  it('takes addresses and ranges, for literals and for what names resolve to', () => {
    const policy = createPolicy({ allow: ['10.1.0.0/16', '192.168.0.7', 'fd00::/8'], loopback: false });
    expect(verdict(policy, 'http://10.1.2.3/')).toBe('allowed');
    expect(verdict(policy, 'http://10.2.0.1/')).toBe('egress_denied');
    expect(verdict(policy, 'http://192.168.0.7:9000/')).toBe('allowed');
    expect(verdict(policy, 'http://192.168.0.8/')).toBe('egress_denied');
    expect(verdict(policy, 'http://[fd00::5]/')).toBe('allowed');
    expect(policy.permits('10.1.2.3')).toBe(true);
    expect(policy.permits('::ffff:10.1.2.3')).toBe(false);
  });

  it('takes an address with a port, for that literal and port only', () => {
    const policy = createPolicy({ allow: ['10.0.0.5:8080', '[fd00::1]:80'], loopback: false });
    expect(verdict(policy, 'http://10.0.0.5:8080/')).toBe('allowed');
    expect(verdict(policy, 'http://10.0.0.5/')).toBe('egress_denied');
    expect(verdict(policy, 'http://[fd00::1]/')).toBe('allowed');
    expect(verdict(policy, 'https://[fd00::1]/')).toBe('egress_denied');
    expect(policy.permits('10.0.0.5')).toBe(false);
  });

  it('takes names, names with a port, and everything below a domain', () => {
    const policy = createPolicy({ allow: ['Intranet', 'db.corp:8080', '*.Lan.Example'], loopback: false });
    expect(policy.isListed('intranet', 80)).toBe(true);
    expect(policy.isListed('intranet.', 443)).toBe(true);
    expect(policy.isListed('db.corp', 8080)).toBe(true);
    expect(policy.isListed('db.corp', 80)).toBe(false);
    expect(policy.isListed('a.b.lan.example', 80)).toBe(true);
    expect(policy.isListed('lan.example', 80)).toBe(false);
    expect(policy.isListed('evil-lan.example', 80)).toBe(false);
    expect(policy.isListed('lan.example.evil.com', 80)).toBe(false);
  });

  it.each(['', 'http://host', 'a b', 'host:99999', 'host:', '*', '10/8', '10.0.0.0/40', 'a/b', 'user@host', '*.*.x'])(
    'refuses the entry %j',
    (entry) => {
      expect(() => createPolicy({ allow: [entry], loopback: false })).toThrow(
        expect.objectContaining({ code: 'config_refused' }),
      );
    },
  );
});
