/**
 * Reading source files for the law: what a file imports, and its code without comments and strings.
 * A small scanner, not a parser: it knows strings, templates, comments and regular expressions, which is
 * what keeps words in them from looking like code.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** `text` of the same length, with comments, and what is between quotes, as spaces. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path from the root for a relative import; undefined for a package. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
  /** `import()`, or a worker: loaded when it is wanted. */
  readonly late: boolean;
}

export function sourceFile(path: string, text: string): SourceFile {
  const code = blankStringsAndComments(text);
  return { path, text, code, imports: importsOf(path, text, code) };
}

/** Every TypeScript file under the folders, which may be absent. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => walk(root, folder)).map((path) => sourceFile(path, read(root, path)));
}

const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

function walk(root: string, folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  const paths = entries.map((entry) => `${folder}/${entry.replaceAll('\\', '/')}`);
  return paths.filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.includes('/node_modules/')).sort();
}

const IMPORT = /\b(?:import|export)\b(?<clause>[^'"`;]*?)\bfrom\s*(?<quote>['"])/g;
const BARE_IMPORT = /\bimport\s*\(?\s*(?<quote>['"])/g;
/** How a worker thread is started: it is an import by another name. */
const WORKER = /\bnew\s+URL\s*\(\s*(?<quote>['"])/g;

function importsOf(path: string, text: string, code: string): Import[] {
  const found: Import[] = [];
  for (const pattern of [IMPORT, BARE_IMPORT, WORKER]) {
    for (const match of code.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const specifier = text.slice(start, code.indexOf(match.groups!.quote!, start));
      if (pattern === WORKER && !specifier.endsWith('.ts')) continue;
      const late = pattern === WORKER || match[0].includes('(');
      found.push({ specifier, target: resolve(path, specifier), typeOnly: isTypeOnly(match.groups!.clause), late });
    }
  }
  return found;
}

/** `import type …`, or braces in which every name has `type` before it. */
function isTypeOnly(clause: string | undefined): boolean {
  if (clause === undefined) return false;
  if (/^\s+type\b(?!\s*,)/.test(clause)) return true;
  const names = /^\s*\{(.*)\}\s*$/s.exec(clause)?.[1]?.split(',') ?? [''];
  return names.filter((name) => name.trim() !== '').every((name) => /^\s*type\s/.test(name)) && names[0] !== '';
}

function resolve(path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : undefined;
}

/** After these a slash begins a regular expression, elsewhere it divides. */
const BEFORE_REGEX = /(?:[=(,:;!&|?{}[\n>+]|\b(?:return|case|typeof))\s*$/;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
const PIECE = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y;

/** See `SourceFile.code`. Quotes stay where they are, and so does the code in `${}`. */
export function blankStringsAndComments(text: string): string {
  let code = '';
  /** For each template that is open: how many braces are open in its `${}`. */
  const templates: number[] = [];
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = code.length;
    return pattern.exec(text)?.[0] ?? '';
  };
  const templateText = (): void => {
    code += blank(take(TEMPLATE_TEXT));
    const end = text[code.length] === '`';
    code += end ? '`' : text.slice(code.length, code.length + 2);
    if (!end) templates.push(0);
  };
  while (code.length < text.length) {
    const char = text[code.length]!;
    const piece = take(PIECE);
    if (piece !== '') code += /^['"]/.test(piece) ? piece[0] + blank(piece.slice(1, -1)) + piece[0] : blank(piece);
    else if (char === '/' && BEFORE_REGEX.test(code.slice(-40))) code += blank(take(REGEX)) || char;
    else {
      code += char;
      if (char === '`') templateText();
      else if (templates.length > 0 && char === '{') templates[templates.length - 1]! += 1;
      else if (templates.length > 0 && char === '}') {
        if (templates.at(-1) === 0) {
          templates.pop();
          templateText();
        } else templates[templates.length - 1]! -= 1;
      }
    }
  }
  return code;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
