/** Document to TypeScript, evaluated as a module, and back: the identity. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Definition } from '../core/definition/schema.ts';
import { toTypeScript } from '../core/typescript/to-typescript.ts';
import { anyDefinition } from '../testing/definitions.ts';

const SDK = new URL('./index.ts', import.meta.url).href;
let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-typescript-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The definitions that come out of their modules, which stand together in one file to be quick. */
async function evaluate(definitions: readonly Definition[]): Promise<Definition[]> {
  const modules = definitions.map((definition, index) => {
    const text = toTypeScript(definition);
    expect(text).toMatch(/^import \{ (?:graph, )?workflow \} from 'myelin';\n/);
    return `const d${index} = (() => {\n${text.slice(text.indexOf('\n')).replace(/^export default /m, 'return ')}})();`;
  });
  const names = definitions.map((_, index) => `d${index}`).join(', ');
  const source = [`import { graph, workflow } from '${SDK}';`, ...modules, `export default [${names}];`].join('\n');
  return (await load(source)).default as Definition[];
}

async function load(source: string): Promise<{ default: unknown }> {
  count += 1;
  const file = join(folder, `m${count}.ts`);
  writeFileSync(file, source);
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}

test('document -> TypeScript -> document is the identity', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyDefinition, { minLength: 1, maxLength: 25, size: 'max' }), async (definitions) => {
      const back = await evaluate(definitions);
      for (const [index, one] of definitions.entries()) {
        if (!isDeepStrictEqual(back[index], one)) expect(back[index]).toStrictEqual(one);
        expect(isDeepStrictEqual(back[index], one)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test('a whole module evaluates, also one of 10,000 nodes, bodies included', async () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}`, type: 'transform', config: { value: i } }));
  const edges = nodes.slice(1).map((node, i) => `n${i} -> ${node.id}`);
  const body = { nodes: [{ id: 'each', type: 'loop', config: { times: 1, body: { nodes, edges } } }] };
  for (const one of [
    { name: 'large', nodes, edges },
    { name: 'inner', ...body },
  ]) {
    const source = toTypeScript(one).replace("from 'myelin'", `from '${SDK}'`);
    expect(isDeepStrictEqual((await load(source)).default, one)).toBe(true);
  }
});
