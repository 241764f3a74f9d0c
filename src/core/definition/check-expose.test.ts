import { expect, test } from 'vitest';
import { driveCatalog as catalog } from '../../testing/drive.ts';
import { definitionFaults } from './validate.ts';

const faultsOf = (expose: unknown, input?: unknown) => {
  const nodes = [{ id: 'a', type: 'transform', config: {} }];
  const triggers = input === undefined ? [] : [{ id: 'by-hand', type: 'manual', input }];
  const found = definitionFaults({ name: 'test', nodes, triggers, expose }, catalog);
  return found.map(({ path, message }) => `${path}: ${message}`);
};

test.each([{ mcp: true }, { mcp: {} }, { mcp: { name: 'Refund_2', description: 'Pays back', wait: '10m' } }, {}])(
  '%o is taken',
  (expose) => {
    expect(faultsOf(expose)).toEqual([]);
    expect(faultsOf(expose, { type: 'object' })).toEqual([]);
    expect(faultsOf(expose, { properties: {} })).toEqual([]);
  },
);

test.each([
  [{ mcp: false }, 'expose.mcp: takes true, or an object of name, description and wait'],
  [{ mcp: { name: 'a b' } }, 'expose.mcp.name: takes letters, digits, _ and -, at most 64'],
  [{ mcp: { name: 'x'.repeat(65) } }, 'expose.mcp.name: takes letters, digits, _ and -, at most 64'],
  [{ mcp: { name: 'myelin_x' } }, 'expose.mcp.name: is a reserved name; myelin_ begins the tools of the server'],
  [{ mcp: { wait: '11m' } }, 'expose.mcp.wait: takes at most 10m'],
  [{ mcp: { timeout: '1s' } }, 'expose.mcp.timeout: unknown field; remove or rename it'],
  [{ a2a: true }, 'expose.a2a: unknown field; remove or rename it'],
])('%o is refused with its place', (expose, fault) => {
  expect(faultsOf(expose)).toEqual([fault]);
});

test('an input that is no object cannot be arguments', () => {
  const message = 'must be object: the workflow is a tool (expose.mcp), and arguments of tools are objects';
  expect(faultsOf({ mcp: true }, { type: 'string' })).toEqual([`triggers[0].input.type: ${message}`]);
  expect(faultsOf({}, { type: 'string' })).toEqual([]);
});
