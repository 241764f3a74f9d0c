import { expect, test } from 'vitest';
import { hasComments, mergeYaml, printYaml, readYaml } from './merge-yaml.ts';

const TEXT = `# why it is here
name: w
nodes:
  # the first
  - { id: a, type: transform } # of all
  - id: b
    type: http
edges: [a -> b]
`;

test('changes come into a text whose comments stay', () => {
  const definition = {
    name: 'w',
    nodes: [
      { id: 'a', type: 'transform', config: { value: 1 } },
      { id: 'c', type: 'join' },
    ],
    edges: ['a -> c'],
  };
  const merged = mergeYaml(TEXT, definition);
  expect(merged).toContain('# why it is here');
  expect(merged).toContain('# the first');
  expect(merged).toContain('# of all');
  expect(readYaml(merged)).toEqual({ definition });
});

test('a text that says the same stays as it is; one that cannot be read is printed anew', () => {
  const read = readYaml(TEXT);
  if (!('definition' in read)) throw new Error('it can be read');
  expect(mergeYaml(TEXT, read.definition)).toBe(TEXT);
  expect(mergeYaml('a: [', read.definition)).toBe(printYaml(read.definition));
});

test('what cannot be read says where', () => {
  const read = readYaml('name: w\nnodes: [');
  expect('fault' in read && read.fault.line).toBe(2);
  expect(readYaml('name: w\nnodes: 3')).toMatchObject({
    fault: { message: expect.stringContaining('nodes is a list') },
  });
  expect(readYaml('- a')).toMatchObject({ fault: { message: expect.stringContaining('object') } });
});

test('a comment is told from a # that is part of a text', () => {
  expect(hasComments('name: a # why')).toBe(true);
  expect(hasComments('# why\nname: a')).toBe(true);
  expect(hasComments("name: 'a # b'\nurl: x#y\ntext: |\n  # a heading\n")).toBe(false);
});
