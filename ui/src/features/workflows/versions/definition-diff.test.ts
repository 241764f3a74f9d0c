import { expect, test } from 'vitest';
import type { Definition } from '../../../graph/document.ts';
import { diffDefinitions } from './definition-diff.ts';

const BEFORE: Definition = {
  name: 'orders',
  description: 'Old',
  triggers: [{ id: 'hook', type: 'webhook', path: 'orders' }],
  nodes: [
    { id: 'check', type: 'if', config: { condition: 'a' } },
    { id: 'mail', type: 'http', config: { url: 'x', headers: { accept: 'json' } } },
    { id: 'each', type: 'map', config: { items: '[]', body: { nodes: [{ id: 'one', type: 'code' }] } } },
  ],
  edges: ['check:true -> mail', 'mail -> each'],
};

test('nothing changed', () => {
  expect(diffDefinitions(BEFORE, structuredClone(BEFORE))).toEqual([]);
});

test('the workflow itself, field by field', () => {
  const after = { ...BEFORE, description: 'New', settings: { timeout: '1m' } };
  expect(diffDefinitions(BEFORE, after)).toEqual([
    {
      what: 'workflow',
      kind: 'changed',
      name: '',
      fields: [
        { path: 'description', before: 'Old', after: 'New' },
        { path: 'settings', after: { timeout: '1m' } },
      ],
    },
  ]);
});

test('nodes that came, went, changed or only moved', () => {
  const [check, mail, each] = BEFORE.nodes;
  const after = {
    ...BEFORE,
    nodes: [
      { ...mail, config: { url: 'y', headers: {} } },
      { ...each, position: { x: 1, y: 2 } },
      { id: 'new', type: 'code' },
    ],
  } as Definition;
  expect(check?.id).toBe('check');
  expect(diffDefinitions(BEFORE, after).filter(({ what }) => what === 'node')).toEqual([
    { what: 'node', kind: 'removed', name: 'check', type: 'if', fields: [] },
    {
      what: 'node',
      kind: 'changed',
      name: 'mail',
      type: 'http',
      fields: [
        { path: 'config.url', before: 'x', after: 'y' },
        { path: 'config.headers.accept', before: 'json' },
      ],
    },
    { what: 'node', kind: 'moved', name: 'each', type: 'map', fields: [] },
    { what: 'node', kind: 'added', name: 'new', type: 'code', fields: [] },
  ]);
});

test('a node in a body is told by its place, and its container has not changed', () => {
  const after = structuredClone(BEFORE);
  (after.nodes[2] as { config: unknown }).config = {
    items: '[]',
    body: { nodes: [{ id: 'one', type: 'code', timeout: '1s' }] },
  };
  expect(diffDefinitions(BEFORE, after)).toEqual([
    { what: 'node', kind: 'changed', name: 'each/one', type: 'code', fields: [{ path: 'timeout', after: '1s' }] },
  ]);
});

test('triggers and arrows', () => {
  const after = {
    ...BEFORE,
    triggers: [{ id: 'hook', type: 'webhook', path: 'new' }],
    edges: ['check:false -> mail', 'mail -> each'],
  };
  expect(diffDefinitions(BEFORE, after)).toEqual([
    {
      what: 'trigger',
      kind: 'changed',
      name: 'hook',
      type: 'webhook',
      fields: [{ path: 'path', before: 'orders', after: 'new' }],
    },
    { what: 'arrow', kind: 'removed', name: 'check:true → mail', fields: [] },
    { what: 'arrow', kind: 'added', name: 'check:false → mail', fields: [] },
  ]);
});
