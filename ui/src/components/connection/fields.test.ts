import { expect, test } from 'vitest';
import { askedFields, defaultsOf, partedBySecrecy, sentFields } from './fields.ts';

const schema = {
  properties: {
    baseUrl: { type: 'string' },
    auth: { enum: ['none', 'basic', 'bearer'], default: 'none' },
    user: { type: 'string', description: 'Of `basic`' },
    token: { type: 'string', description: 'Of `bearer`', writeOnly: true },
  },
};
const asked = (config: object) => Object.keys(askedFields(schema, { ...config }).properties ?? {});

test('a form asks for what the chosen way of signing in needs', () => {
  expect(asked({})).toEqual(['baseUrl', 'auth']);
  expect(asked({ auth: 'basic' })).toEqual(['baseUrl', 'auth', 'user']);
  expect(defaultsOf(schema)).toEqual({ auth: 'none' });
});

test('it sends only that, and takes away the secret of another way', () => {
  const typed = { baseUrl: 'https://a.b', auth: 'basic', user: 'u', token: 'typed before' };
  expect(sentFields(schema, typed)).toEqual({ baseUrl: 'https://a.b', auth: 'basic', user: 'u' });
  expect(sentFields(schema, { auth: 'basic' }, ['token'])).toEqual({ auth: 'basic', token: null });
  expect(sentFields(schema, { auth: 'bearer' }, ['token'])).toEqual({ auth: 'bearer' });
});

test('what is secret is told from what a browser may keep, and so is what nobody knows', () => {
  expect(partedBySecrecy(schema, { auth: 'bearer', token: 't', odd: 1 })).toEqual({
    open: { auth: 'bearer' },
    hidden: { token: 't', odd: 1 },
  });
});
