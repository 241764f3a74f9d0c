import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { webhookConfig } from './config.ts';
import { resolveSecrets } from './resolve.ts';

const base = { path: 'orders' };
const faultsOf = (config: object): string[] =>
  (webhookConfig.safeParse({ ...base, ...config }).error?.issues ?? []).map((issue) => issue.path.join('.'));

test('fills in the defaults', () => {
  expect(webhookConfig.parse({ path: 'orders', dedupe: { key: '{{ $trigger.body.id }}' } })).toEqual({
    path: 'orders',
    method: 'POST',
    respond: 'accepted',
    wait: '30s',
    maxBody: '1MiB',
    dedupe: { key: '{{ $trigger.body.id }}', ttl: '24h' },
  });
});

test.each([
  { path: 'a/:id/b-c_d.e~f/:other' },
  { wait: '5m' },
  { verify: { scheme: 'plain', secret: 'literal', header: 'X-Hmac' } },
  { verify: { scheme: 'standard', secret: '{{$secrets.HOOK}}' } },
  { requireHeaders: { 'X-Token': '{{ $secrets.TOKEN }}', 'X-Trace': true } },
  { allowIps: ['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', '::ffff:10.0.0.0/104'] },
  { maxBody: 1024 },
  { maxBody: '10 MB' },
  { transform: '{{ { id: $trigger.body.id } }}' },
])('takes %j', (config) => expect(faultsOf(config)).toEqual([]));

test.each<[string, object]>([
  ['path', { path: '' }],
  ['path', { path: '/orders' }],
  ['path', { path: 'orders/' }],
  ['path', { path: 'a//b' }],
  ['path', { path: 'a/../b' }],
  ['path', { path: 'a b' }],
  ['path', { path: 'a%2Fb' }],
  ['path', { path: 'a/:' }],
  ['path', { path: ':id/:id' }],
  ['path', { path: ':__proto__' }],
  ['method', { method: 'TRACE' }],
  ['respond', { respond: 'later' }],
  ['wait', { wait: '6m' }],
  ['wait', { wait: 'soon' }],
  ['verify.secret', { verify: { scheme: 'github', secret: ' ' } }],
  ['verify.secret', { verify: { scheme: 'github' } }],
  ['verify.secret', { verify: { scheme: 'github', secret: '{{ $trigger.body.secret }}' } }],
  ['verify.scheme', { verify: { scheme: 'md5', secret: 'x' } }],
  ['verify.header', { verify: { scheme: 'github', secret: 'x', header: 'X-Other' } }],
  ['requireHeaders.X-Token', { requireHeaders: { 'X-Token': '' } }],
  ['requireHeaders.X-Token', { requireHeaders: { 'X-Token': false } }],
  ['allowIps', { allowIps: [] }],
  ['allowIps.0', { allowIps: ['10.0.0.0/33'] }],
  ['allowIps.0', { allowIps: ['010.0.0.1'] }],
  ['allowIps.0', { allowIps: ['10.1'] }],
  ['allowIps.0', { allowIps: ['example.com'] }],
  ['allowIps.0', { allowIps: ['10.0.0.0/8/8'] }],
  ['maxBody', { maxBody: 0 }],
  ['maxBody', { maxBody: '65MiB' }],
  ['maxBody', { maxBody: '1 elephant' }],
  ['dedupe.key', { dedupe: { key: 'constant' } }],
  ['dedupe.ttl', { dedupe: { key: '{{ $trigger.body.id }}', ttl: 'a while' } }],
  ['transform', { transform: '$trigger.body' }],
  ['', { unknown: 1 }],
])('refuses at "%s": %j', (path, config) => expect(faultsOf(config)).toContain(path));

test('is a JSON Schema, for forms', () => {
  const schema = z.toJSONSchema(webhookConfig, { io: 'input' });
  expect(schema).toMatchObject({ type: 'object', required: ['path'], additionalProperties: false });
});

describe('resolveSecrets', () => {
  const secrets: Record<string, string> = { HOOK: 's3cret', BLANK: ' ' };
  const resolved = (config: object) =>
    resolveSecrets(webhookConfig.parse({ ...base, ...config }), async (name) => secrets[name]);

  test('puts secrets in and leaves the rest', async () => {
    const requireHeaders = { 'X-Token': '{{ $secrets.HOOK }}', 'X-Kind': 'literal', 'X-Trace': true };
    const config = await resolved({ requireHeaders, verify: { scheme: 'slack', secret: '{{ $secrets.HOOK }}' } });
    expect(config.verify).toEqual({ scheme: 'slack', secret: 's3cret' });
    expect(config.requireHeaders).toEqual({ 'X-Token': 's3cret', 'X-Kind': 'literal', 'X-Trace': true });
    expect(config.path).toBe('orders');
  });

  test.each(['ABSENT', 'BLANK'])('refuses where the secret %s is not set', async (name) => {
    const verify = { scheme: 'slack', secret: `{{ $secrets.${name} }}` };
    await expect(resolved({ verify })).rejects.toMatchObject({ code: 'secret_missing' });
  });
});
