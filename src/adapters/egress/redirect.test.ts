import { describe, expect, it } from 'vitest';
import { type Hop, nextHop } from './redirect.ts';

const hop = (changes: Partial<Hop> = {}): Hop => ({
  method: 'POST',
  url: new URL('https://api.example.com/v1/orders?page=1'),
  headers: {
    authorization: 'Bearer x',
    cookie: 'a=b',
    'proxy-authorization': 'Basic x',
    'x-api-key': 'k',
    'x-auth-token': 't',
    'client-secret': 's',
    'x-acme-id': 'mine',
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'Myelin',
    'idempotency-key': 'k1',
  },
  body: '{}',
  ...changes,
});

describe('nextHop', () => {
  it.each([
    [200, '/next'],
    [304, '/next'],
    [300, '/next'],
    [302, undefined],
  ])('%d with location %j is an answer', (status, location) => {
    expect(nextHop(hop(), status, location)).toBeUndefined();
  });

  it('resolves the location against the address', () => {
    expect(nextHop(hop(), 307, '../v2?x=1')?.url.href).toBe('https://api.example.com/v2?x=1');
    expect(nextHop(hop(), 307, '//other.example.com/a')?.url.href).toBe('https://other.example.com/a');
  });

  it.each([301, 302, 303])('%d turns POST into GET without body', (status) => {
    const next = nextHop(hop(), status, '/next');
    expect(next).toMatchObject({ method: 'GET', body: undefined });
    expect(next?.headers).not.toHaveProperty('content-type');
    expect(next?.headers).toHaveProperty('authorization');
  });

  it.each([
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [302, 'GET', 'GET'],
  ])('%d makes of %s a %s', (status, method, wanted) => {
    expect(nextHop(hop({ method }), status, '/next')?.method).toBe(wanted);
  });

  it('keeps method, body and headers on the same host', () => {
    const next = nextHop(hop(), 308, '/next');
    expect(next?.headers).toEqual(hop().headers);
    expect(next?.body).toBe('{}');
  });

  it.each(['https://evil.example/', 'https://api.example.com:8443/', 'https://api.example.com.evil.example/'])(
    'takes no credential and no unknown header to %s',
    (location) => {
      const names = Object.keys(nextHop(hop(), 307, location)?.headers ?? {});
      expect(names).toEqual(['content-type', 'accept', 'user-agent', 'idempotency-key']);
    },
  );

  it.each(['http://api.example.com/', 'ftp://api.example.com/', 'file:///etc/passwd', 'javascript:1'])(
    'does not change the scheme to %s',
    (location) => {
      expect(() => nextHop(hop(), 302, location)).toThrow(expect.objectContaining({ code: 'egress_denied' }));
    },
  );

  it('does not change http to https either, and names no query', () => {
    const insecure = hop({ url: new URL('http://api.example.com/a?key=s3cret') });
    expect(() => nextHop(insecure, 301, 'https://api.example.com/a?key=s3cret')).toThrow(/from http to https/);
    expect(() => nextHop(insecure, 301, 'https://api.example.com/a')).not.toThrow(/s3cret/);
  });

  it('refuses a location that is no URL', () => {
    expect(() => nextHop(hop(), 302, 'https://[bad')).toThrow(expect.objectContaining({ code: 'egress_denied' }));
  });
});
