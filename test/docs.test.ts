/**
 * What the documents say is so: tables are those of the code, examples validate and compile, expressions give what
 * stands behind them, and links lead somewhere. `test/e2e/docs.test.ts` runs the commands.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { renderConfiguration } from '../scripts/write-configuration.ts';
import { renderErrors } from '../scripts/write-errors.ts';
import { createCatalog } from '../src/app.ts';
import { definitionFaults } from '../src/core/definition/validate.ts';
import { EFFECTS } from '../src/core/effect.ts';
import { ERRORS } from '../src/core/errors.ts';
import { canMove, STATUSES } from '../src/core/execution/status.ts';
import { compileExpression } from '../src/core/expression/index.ts';
import { KEY_ROLES, ROLE_WORDS } from '../src/core/keys/roles.ts';
import { readTypeScript } from '../src/core/typescript/read-typescript.ts';
import { toTypeScript } from '../src/core/typescript/to-typescript.ts';
import { FAILPOINTS } from '../src/engine/failpoint.ts';
import { allBlocks, type Block, blocksOf, PAGES } from './docs/blocks.ts';
import { ProjectFolder } from './docs/typescript.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const catalog = createCatalog();
const blocks = (tag: string): Block[] => allBlocks().filter((block) => block.tag === tag);

test('every block of a page is tagged as something this test knows', () => {
  expect(PAGES).toContain('docs/workflows.md');
  const known = ['bash', 'js', 'json', 'sh', 'sql', 'text', 'ts', 'yaml'];
  expect(allBlocks().filter((block) => !known.includes(block.tag))).toEqual([]);
});

describe('YAML of the documents', () => {
  /** A part is put where it would stand: a list of nodes, or triggers. */
  function whole(text: string): unknown {
    const value = parse(text);
    if (Array.isArray(value)) return { name: 'part', ...wired(value) };
    return 'nodes' in value
      ? { name: 'part', ...value }
      : { name: 'part', nodes: [{ id: 'a', type: 'join' }], ...value };
  }

  /** Nodes that stand beside each other, each behind one that leads to all. */
  function wired(nodes: { id: string }[]) {
    const edges = nodes.map((node) => `start -> ${node.id}`);
    return { nodes: [{ id: 'start', type: 'join' }, ...nodes], edges };
  }

  test.each(blocks('yaml'))('$place is valid', ({ text }) => {
    expect(definitionFaults(whole(text), catalog)).toEqual([]);
  });

  test('is looked at closely', () => {
    expect(blocks('yaml').length).toBeGreaterThan(15);
    expect(definitionFaults(whole('- { id: a, type: delay, config: { fro: 1s } }'), catalog)).not.toEqual([]);
    expect(definitionFaults(whole('triggers: [{ id: a, type: webhook }]'), catalog)).not.toEqual([]);
  });
});

describe('TypeScript of the documents', () => {
  test('compiles', async () => {
    const project = new ProjectFolder();
    try {
      for (const [index, { text }] of blocks('ts').entries()) project.write(`snippet-${index}.ts`, text);
      const tsc = join(root, 'node_modules/.bin/tsc');
      const { stdout } = await promisify(execFile)(tsc, ['-p', project.path]).catch((error) => error);
      expect(stdout).toBe('');
    } finally {
      project.remove();
    }
  }, 60_000);

  test('of the README builds the workflow that stands in YAML above it', async () => {
    const project = new ProjectFolder();
    try {
      const saved = blocksOf('README.md').filter((block) => block.file?.startsWith('welcome.'));
      const [yaml, ts] = saved as [Block, Block];
      project.write('welcome.ts', ts.text);
      const built = (await import(join(project.path, 'welcome.ts'))).default.build();
      expect(built).toEqual(parse(yaml.text));
    } finally {
      project.remove();
    }
  });
});

describe('the TypeScript view', () => {
  test('reads the modules that the documents tell to save as what they build when they are run', async () => {
    const project = new ProjectFolder();
    try {
      const modules = blocks('ts').filter(({ file }) => file !== undefined);
      expect(modules.length).toBeGreaterThan(1);
      for (const [index, { text }] of modules.entries()) {
        project.write(`module-${index}.ts`, text);
        const built = (await import(join(project.path, `module-${index}.ts`))).default.build();
        expect(readTypeScript(text)).toStrictEqual({ document: built });
      }
    } finally {
      project.remove();
    }
  });

  const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('models'))
    .sort();

  test.each(examples)('reads examples/%s as it is printed', (name) => {
    const document = parse(readFileSync(join(root, 'examples', name), 'utf8'));
    expect(readTypeScript(toTypeScript(document))).toStrictEqual({ document });
  });
});

describe('expressions of the documents', () => {
  const input = blocksOf('docs/expressions.md').find((block) => block.file === 'expression-input')!;
  const lines = blocks('js').flatMap(({ text }) => text.trimEnd().split('\n'));

  test.each(lines)('%s', (line) => {
    const at = line.lastIndexOf('  // ');
    const expression = compileExpression(line.slice(0, at));
    expect(expression.evaluate({ $json: JSON.parse(input.text) })).toEqual(JSON.parse(line.slice(at + 5)));
  });
});

describe('tables of the documents', () => {
  const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');

  test('docs/configuration.md is what `npm run docs` writes', () => {
    expect(page('configuration.md')).toBe(renderConfiguration());
  });

  /** A section by its heading, without those beside it. */
  function section(text: string, heading: string): string {
    const level = /^#+/.exec(heading)![0];
    const from = text.indexOf(`\n${heading}\n`);
    if (from === -1) return '';
    const rest = text.slice(from + heading.length + 2);
    const to = rest.search(new RegExp(`^#{1,${level.length}} `, 'm'));
    return to === -1 ? rest : rest.slice(0, to);
  }

  /** Names of the fields of a config, of all its forms. */
  function fields(config: z.ZodType): string[] {
    const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
    const forms = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as z.core.JSONSchema.ObjectSchema[];
    return [...new Set(forms.flatMap((form) => Object.keys(form.properties ?? {})))];
  }

  test.each([...catalog.nodes.values()])('docs/workflows.md tells every field of $type', ({ type, config }) => {
    const text = section(page('workflows.md'), `### ${type}`);
    expect(text).not.toBe('');
    expect(fields(config).filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  test.each([...catalog.triggers.values()])(
    'the documents tell every field of the trigger $type',
    ({ type, config }) => {
      const text = type === 'webhook' ? page('webhooks.md') : section(page('workflows.md'), `### trigger ${type}`);
      expect(text).not.toBe('');
      expect(fields(config).filter((name) => !text.includes(`\`${name}`))).toEqual([]);
    },
  );

  test('docs/reliability.md tells every failpoint and every effect', () => {
    const told = new Set([...page('reliability.md').matchAll(/`([\w.-]+)`/g)].map((match) => match[1]));
    expect([...FAILPOINTS, ...EFFECTS].filter((name) => !told.has(name))).toEqual([]);
  });

  test('docs/ARCHITECTURE.md has the state machine as it is', () => {
    const rows = section(page('ARCHITECTURE.md'), '## States').matchAll(/^\| `(\w+)` \| (.*?) \|/gm);
    const told = new Map([...rows].map(([, from, to]) => [from, to!.match(/\w+/g) ?? []]));
    for (const from of STATUSES) {
      expect([from, told.get(from)]).toEqual([from, STATUSES.filter((to) => canMove(from, to))]);
    }
  });
});

describe('docs/errors.md', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

  test('is what `npm run docs` writes', () => expect(page).toBe(renderErrors()));

  test('has a row of six cells for every code', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1])).toEqual(Object.keys(ERRORS));
    expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 8)).toEqual([]);
  });
});

test('docs/security.md says of each role what it may', () => {
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
  const [, table = ''] = page.split('| role | |\n|---|---|\n');
  const told = [...table.split('\n\n')[0]!.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, role, words]) => [
    role,
    words,
  ]);
  expect(told).toEqual(KEY_ROLES.map((role) => [role, ROLE_WORDS[role]]));
});

/** Targets of Markdown links and images outside of code. Addresses and anchors of the same page are left out. */
function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)/g)];
  const defined = [...prose.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  return [...inline, ...defined]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:|^\/\/|^#/i.test(target));
}

/** Faults of a page: links to files that are not there. `/x` is from the root of the repository. */
function brokenLinks(page: string, markdown: string): string[] {
  return relativeLinks(markdown).flatMap((target) => {
    const file = decodeURIComponent(target.split(/[#?]/)[0]!);
    const path = file.startsWith('/') ? join(root, file) : join(dirname(page), file);
    return existsSync(path) ? [] : [`${relative(root, page)}: ${target} is not there`];
  });
}

function pages(): string[] {
  const tops = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return [...tops, ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

describe('links', () => {
  test('of every page lead to a file', () => {
    expect(pages()).toContain(join('docs', 'errors.md'));
    const broken = pages().flatMap((page) => brokenLinks(join(root, page), readFileSync(join(root, page), 'utf8')));
    expect(broken).toEqual([]);
  });

  test('are found, and told from addresses, anchors and code', () => {
    const markdown = [
      '[a](docs/errors.md#x) ![b](gone.png "title") [c](https://example.com) [d](#part) [e](mailto:a@b.c)',
      '`[f](code.md)` [g](/LICENSE) <b>[h](<with-brackets.md>)</b>',
      '```md\n[i](fenced.md)\n```',
      '[j]: ./defined.md',
    ].join('\n');
    expect(relativeLinks(markdown)).toEqual([
      'docs/errors.md#x',
      'gone.png',
      '/LICENSE',
      'with-brackets.md',
      './defined.md',
    ]);
    const broken = brokenLinks(join(root, 'README.md'), markdown).map((fault) => fault.split(' ')[1]);
    expect(broken).toEqual(['gone.png', 'with-brackets.md', './defined.md']);
  });
});
