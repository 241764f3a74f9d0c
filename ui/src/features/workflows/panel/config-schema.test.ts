import { expect, test } from 'vitest';
import { fieldKindOf, formSchemaOf } from './config-schema.ts';
import { curlOf } from './curl.ts';
import { settingsOf } from './node-settings.ts';
import { within } from './within.ts';

const template = { type: 'string', pattern: '\\{\\{[\\s\\S]*\\}\\}' };
const kind = (schema: object, type = 'http', path = 'x') => fieldKindOf(type, path, schema).kind;

test('bodies are no fields, but what is sent is', () => {
  const graph = { type: 'object', properties: { nodes: { type: 'array' } } };
  const schema = (body: object) => ({ type: 'object', properties: { items: {}, body }, required: ['items', 'body'] });
  expect(formSchemaOf({ type: 'map', configSchema: schema(graph) })).toMatchObject({ required: ['items'] });
  expect(Object.keys(formSchemaOf({ type: 'http', configSchema: schema({}) }).properties ?? {})).toContain('body');
});

test('the variants of a whole config have names', () => {
  const configSchema = { anyOf: [{ type: 'object' }, { type: 'object' }] };
  expect(formSchemaOf({ type: 'switch', configSchema }).anyOf?.[1]?.title).toBe('Compare a value');
});

test('a text takes an expression unless its pattern refuses one', () => {
  expect(kind({ type: 'string', minLength: 1 })).toBe('text');
  expect(kind({ type: 'string', pattern: '^\\d+s$' })).toBe('plain');
  expect(kind(template)).toBe('text');
  expect(kind({ type: 'integer' })).toBe('plain');
  expect(kind({ description: 'anything' })).toBe('any');
});

test('a value or an expression for it has a switch', () => {
  const field = fieldKindOf('http', 'x', { description: 'd', anyOf: [{ type: 'integer' }, template] });
  expect(field).toEqual({ kind: 'either', fixed: { type: 'integer', description: 'd' } });
  expect(kind({ anyOf: [{ type: 'string', pattern: '^\\d+s$' }, template] })).toBe('text');
});

test('code and JSON Schema have editors, raw fields no expressions', () => {
  expect(kind({ type: 'string' }, 'code', 'source')).toBe('code');
  expect(kind({ description: 'JSON Schema of the output', type: 'object' }, 'extract', 'schema')).toBe('schema');
  expect(kind({ type: 'string' }, 'agent', 'tools[0].description')).toBe('plain');
});

test('a webhook is called by a line that names its secret', () => {
  const trigger = { id: 'h', type: 'webhook', path: 'a', verify: { scheme: 'plain', secret: '{{ $secrets.KEY }}' } };
  expect(curlOf(trigger, 'http://x/a')).toContain('-H "X-Signature: $KEY"');
  expect(curlOf({ id: 'h', type: 'webhook', method: 'GET' }, 'http://x/a')).toBe("curl -X GET 'http://x/a'");
});

test('only nodes that act have attempts, and only what may undo them is offered', () => {
  const properties = Object.fromEntries(
    ['retry', 'timeout', 'deadline', 'onError', 'join', 'compensate', 'description'].map((name) => [name, {}]),
  );
  const names = (type: string, kind: 'step' | 'task' | 'container', others: readonly string[] = []) =>
    Object.keys(settingsOf({ properties }, { type, kind }, others).properties ?? {});
  expect(names('if', 'step')).toEqual(['description', 'onError', 'join']);
  expect(names('agent', 'container')).toContain('retry');
  expect(names('http', 'task', ['undo'])).toContain('compensate');
  expect(names('http', 'task')).not.toContain('compensate');
});

test('faults come to their fields', () => {
  const faults = [
    { path: 'config.cases[0].port', message: 'a' },
    { path: 'retry.max', message: 'b' },
  ];
  expect([...within(faults, 'config')]).toEqual([['cases[0].port', 'a']]);
});
