/** Workflow files: YAML, JSON, or a TypeScript module whose default export is a workflow. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LineCounter, type Node, parseDocument } from 'yaml';
import { isObject } from '../core/json.ts';
import { assertSafe } from '../core/safe-json.ts';
import { yamlFault } from '../core/yaml-fault.ts';
import { CommandError, usage } from './exit.ts';

export interface WorkflowFile {
  /** As it was given. */
  readonly name: string;
  readonly document: unknown;
  /** Line, from 1, of a path such as `nodes[2].config.url`; undefined where the file has no lines to name. */
  lineOf(path: string): number | undefined;
}

const MODULES: ReadonlySet<string> = new Set(['.ts', '.mts', '.js', '.mjs']);

/** Throws `CommandError` for what cannot be read, with the line where it is not well-formed. */
export async function readWorkflow(name: string, cwd: string): Promise<WorkflowFile> {
  const path = resolve(cwd, name);
  if (MODULES.has(extname(path))) return { name, document: await runModule(name, path), lineOf: () => undefined };
  const file = parseText(name, readText(name, path));
  if (file.document === null) throw usage(`${name} is empty. \`myelin templates\` lists workflows to begin with.`);
  return file;
}

export function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw usage(`There is no file ${name}.`);
    if (code === 'EISDIR') throw usage(`${name} is a folder. Name a file in it.`);
    throw usage(`${name} cannot be read (${code}).`);
  }
}

/** JSON is YAML, and this way both name the lines of their faults. */
export function parseText(name: string, text: string): WorkflowFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    const kind = extname(name) === '.json' ? 'invalid_json' : 'invalid_yaml';
    throw new CommandError(kind, `${name}:${line}:${col}: ${yamlFault(fault.code)}`);
  }
  const value = toValue(name, () => document.toJS({ maxAliasCount: 100 }));
  return { name, document: value, lineOf: (path) => lineOf(document.contents, path, lines) };
}

function toValue(name: string, read: () => unknown): unknown {
  try {
    const value = read();
    assertSafe(value);
    return value;
  } catch (error) {
    throw new CommandError('invalid_yaml', `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Of the deepest part of the path that the file holds. */
function lineOf(root: unknown, path: string, lines: LineCounter): number | undefined {
  let at = root as Node | null | undefined;
  let line: number | undefined;
  for (const [, key, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    const start = at?.range?.[0];
    if (start !== undefined) line = lines.linePos(start).line;
    const collection = at as { get?(key: string | number, keepScalar: true): unknown } | null | undefined;
    if (typeof collection?.get !== 'function') return line;
    at = collection.get(index === undefined ? (key as string) : Number(index), true) as Node | undefined;
  }
  const start = at?.range?.[0];
  return start === undefined ? line : lines.linePos(start).line;
}

/** `myelin` in the module is this very program, wherever the module lies. */
async function runModule(name: string, path: string): Promise<unknown> {
  const sdk = new URL('../sdk/index.ts', import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'myelin' ? { url: sdk, format: 'module-typescript', shortCircuit: true } : next(specifier, context),
  });
  try {
    readText(name, path);
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    const built = module.default;
    const document = isObject(built) && typeof built.toJSON === 'function' ? (built.toJSON() as unknown) : built;
    if (isObject(document)) return document;
    throw new CommandError('invalid_definition', `${name} has no workflow as its default export.`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      'invalid_definition',
      `${name} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    hooks.deregister();
  }
}
