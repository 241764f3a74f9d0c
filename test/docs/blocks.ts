/**
 * The fenced blocks of the documents. Their tags say what is done with them: `yaml` and `ts` are checked, `sh` is run,
 * `js` holds expressions with their results; a word after the tag is the file that the reader is told to save.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  /** Page and line, for messages. */
  readonly place: string;
  readonly tag: string;
  /** Undefined where it is not to be saved. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The README and the pages for those who use the product, in the order of their reading. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(`${ROOT}docs`)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

export function blocksOf(page: string, markdown = readFileSync(ROOT + page, 'utf8')): Block[] {
  const fences = /^( *)```([\w-]*)[ \t]*(\S*)[^\n]*\n([\s\S]*?)^ *```$/gm;
  return [...markdown.matchAll(fences)].map(({ index, 1: indent = '', 2: tag = '', 3: file = '', 4: text = '' }) => ({
    place: `${page}:${markdown.slice(0, index).split('\n').length}`,
    tag,
    file: file === '' ? undefined : file,
    text: text.replace(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

export const allBlocks = (): Block[] => PAGES.flatMap((page) => blocksOf(page));
