/** What the documents say is so: the table of errors is the one in the code, and links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { renderErrors } from '../scripts/write-errors.ts';
import { ERRORS } from '../src/core/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('docs/errors.md', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

  test('is what `npm run docs` writes', () => expect(page).toBe(renderErrors()));

  test('has a row of five cells for every code', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1])).toEqual(Object.keys(ERRORS));
    expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 7)).toEqual([]);
  });
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
