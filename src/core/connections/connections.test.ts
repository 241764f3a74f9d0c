import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { change, connectionType, type Fields, parse, secretFieldsOf } from './parts.ts';
import { connectionTypes } from './registry.ts';

const parts = (type: string, config: unknown) => parse(connectionType(type), config);

describe.each([...connectionTypes.values()])('$type', (type) => {
  test('takes its example, and tells its secrets in JSON Schema', () => {
    const { open, secret } = parse(type, type.example);
    expect({ ...open, ...secret }).toMatchObject(type.example);
    const schema = z.toJSONSchema(type.config, { io: 'input' });
    const hidden = Object.entries(schema.properties as Record<string, { writeOnly?: boolean }>)
      .filter(([, field]) => field.writeOnly === true)
      .map(([name]) => name);
    expect(hidden).toEqual(secretFieldsOf(type));
    expect(hidden.length).toBeGreaterThan(0);
    expect(Object.keys(type.config.shape)).toEqual(expect.arrayContaining([...type.target]));
  });
});

test('what everybody may see and what is secret are taken apart', () => {
  expect(parts('postgres', { host: 'h', database: 'd', user: 'u', password: 'p', ca: undefined })).toEqual({
    open: { host: 'h', port: 5432, database: 'd', user: 'u', tls: 'verify' },
    secret: { password: 'p' },
  });
});

test.each<[string, Fields, string]>([
  ['postgres', { host: 'h' }, 'config.database'],
  ['postgres', { host: 'h', database: 'd', user: 'u', pasword: 'hunter2' }, 'pasword'],
  ['smtp', { host: 'h', from: 'a@b.c', password: 'hunter2' }, 'config.user'],
  ['slack', {}, 'either token or webhookUrl'],
  ['slack', { token: 'hunter2', webhookUrl: 'https://a.b/hunter2' }, 'either token or webhookUrl'],
  ['slack', { webhookUrl: 'hunter2' }, 'config.webhookUrl'],
  ['slack', { webhookUrl: 'https://me:hunter2@a.b/' }, 'without user and password'],
  ['slack', { webhookUrl: 'ftp://hunter2' }, 'config.webhookUrl'],
  ['webhook', { url: 'https://a.b/', secret: 'whsec_hunter2' }, 'whsec_ and 24 to 64 bytes'],
  ['redis', { host: 'h', user: 'u' }, 'config.password: is needed'],
  ['kafka', { brokers: 'a b' }, 'config.brokers'],
  ['kafka', { brokers: 'a', sasl: 'plain', password: 'hunter2' }, 'config.user: is needed'],
  ['kafka', { brokers: 'a', sasl: 'plain', user: 'u' }, 'config.password: is needed'],
  ['kafka', { brokers: 'a', user: 'u', password: 'hunter2' }, 'says how to sign in'],
  ['http', { baseUrl: 'https://a.b', auth: 'basic', password: 'hunter2' }, 'config.user: is needed'],
  ['http', { baseUrl: 'https://a.b', auth: 'header', header: 'a b', value: 'hunter2' }, 'name of a header'],
])('%s refuses %j', (type, config, words) => {
  const act = () => parts(type, config);
  expect(act).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  expect(act).toThrow(words);
  expect(act).not.toThrow('hunter2');
});

test('a type that is none is told, with the one that was meant', () => {
  expect(() => connectionType('postgress')).toThrow('did you mean postgres?');
});

describe('a change', () => {
  const type = connectionType('postgres');
  const before = parse(type, { host: 'h', database: 'd', user: 'u', password: 'p' });

  test('keeps a secret that is left out, and puts public fields in the place of all', () => {
    const after = change(type, before, { host: 'h', database: 'e', user: 'v' });
    expect(after).toMatchObject({ open: { database: 'e', user: 'v' }, secret: { password: 'p' } });
  });

  test('takes a new secret, and null removes one', () => {
    const config = { host: 'h', database: 'd', user: 'u' };
    expect(change(type, before, { ...config, password: 'q' }).secret).toEqual({ password: 'q' });
    expect(change(type, before, { ...config, password: null }).secret).toEqual({});
  });

  test('sends no secret that stays to another place', () => {
    const config = { host: 'evil.example', database: 'd', user: 'u' };
    expect(() => change(type, before, config)).toThrow(
      expect.objectContaining({ code: 'connection_target_changed', message: expect.stringContaining('password') }),
    );
    expect(change(type, before, { ...config, password: 'p' }).open.host).toBe('evil.example');
    expect(change(type, before, { ...config, password: null }).secret).toEqual({});
  });
});
