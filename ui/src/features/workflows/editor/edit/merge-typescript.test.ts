import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../../graph/document.ts';
import { mergeTypeScript, printTypeScript, readTypeScriptText } from './merge-typescript.ts';

const DEFINITION: Definition = {
  nodes: [
    { type: 'transform', id: 'first', config: { value: { n: 1, m: 2 } }, onError: 'branch' },
    {
      id: 'each',
      type: 'map',
      config: {
        items: [1],
        body: {
          edges: ['one -> two'],
          nodes: [
            { type: 'join', id: 'one' },
            { id: 'two', type: 'join' },
          ],
        },
      },
    },
    {
      id: 'both',
      type: 'parallel',
      config: { branches: { b: { nodes: [{ type: 'join', id: 'x' }] }, a: { nodes: [{ id: 'y', type: 'join' }] } } },
    },
  ],
  name: 'w',
  edges: ['first -> each', 'each -> both'],
  triggers: [{ type: 'webhook', id: 'hook', path: 'p' }],
};

const TEXT = `// why it is here
import { graph, workflow } from 'myelin';

const one = graph().node('x', 'join'); // one of both

export default workflow('w')
  .webhook('hook', { path: 'p' })
  /* the first */
  .node('first', 'transform', { value: { n: 1, m: 2 } }, { onError: 'branch' })
  .node('each', 'map', {
    items: [1],
    body: graph().node('one', 'join').node('two', 'join').edge('one', 'two'),
  })
  .node('both', 'parallel', { branches: { b: one, a: graph().node('y', 'join') } })
  .edge('first', 'each')
  .edge('each', 'both')
  .build();
`;

const changed = (change: (document: Definition) => void): Definition => {
  const copy = structuredClone(DEFINITION);
  change(copy);
  return copy;
};

describe('what means the same is the same document, to the order of its keys', () => {
  test.each([
    ['as it is printed', printTypeScript(DEFINITION)],
    ['as somebody wrote it', TEXT],
  ])('%s', (_what, text) => {
    expect(JSON.stringify(readTypeScriptText(text, DEFINITION))).toBe(JSON.stringify({ definition: DEFINITION }));
    expect(mergeTypeScript(text, DEFINITION)).toBe(text);
  });

  test('but in a config their order is that of the text', () => {
    const read = readTypeScriptText(TEXT.replace('n: 1, m: 2', 'm: 2, n: 1'), DEFINITION);
    expect(JSON.stringify(read)).toContain('"value":{"m":2,"n":1}');
  });
});

test('changes come between the lines of a text, whose comments stay', () => {
  const next = changed(({ nodes, edges }) => {
    nodes.push({ id: 'last', type: 'join' });
    edges?.push('both -> last');
  });
  const merged = mergeTypeScript(TEXT, next);
  for (const comment of ['// why it is here', '// one of both', '/* the first */']) expect(merged).toContain(comment);
  expect(merged).toContain(".node('last', 'join')");
  expect(readTypeScriptText(merged, next)).toEqual({ definition: next });
});

test('where they do not fit, or nothing could be read, the text is printed anew', () => {
  const next = changed(({ nodes }) => {
    nodes[2]!.config = { branches: { b: { nodes: [{ id: 'z', type: 'join' }] } } };
  });
  expect(mergeTypeScript(TEXT, next)).toBe(printTypeScript(next));
  expect(mergeTypeScript('for (;;) {}', DEFINITION)).toBe(printTypeScript(DEFINITION));
});

test('a text that gives no workflow says so', () => {
  expect(readTypeScriptText('\nexport default {};', DEFINITION)).toEqual({
    fault: { message: 'The workflow needs a name', from: 0, to: 0, line: 1 },
  });
  expect(readTypeScriptText('\nfor (;;) {}', DEFINITION)).toMatchObject({ fault: { line: 2, column: 1 } });
});
