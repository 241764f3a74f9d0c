/**
 * Templates: a whole config value with `{{ }}` in its texts, compiled once. A text that is exactly one `{{ }}` yields
 * the value with its type; any other interpolates. What has no `{{ }}` is a constant and shared.
 */
import { type Fault, MyelinError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { MAX_DEPTH, type Refusal } from './budget.ts';
import { analyze, type Compiled } from './compile.ts';
import type { Problem, References } from './context.ts';
import { type Env, VARIABLES } from './env.ts';
import { evaluate } from './evaluate.ts';
import { isUnsafe } from './members.ts';
import { appendValue } from './text.ts';

export interface Template {
  /** Throws `expression_failed` or `expression_limit` with the path of the field. */
  resolve(env: Env): unknown;
  /** True where there is no `{{ }}` in it. */
  readonly constant: boolean;
  readonly references: References;
}

/** A part of a template; a constant has no `resolve`. */
type Part = { readonly constant: unknown } | { readonly resolve: (env: Env) => unknown };

/** What is wrong at one place of a value. */
interface TemplateProblem extends Problem {
  readonly path: string;
  readonly code: 'expression_invalid' | 'unsafe_key' | 'too_deep';
}

/** Collects what a walk over a value finds. */
class Walk {
  readonly problems: TemplateProblem[] = [];
  readonly variables = new Set<string>();
  readonly nodes = new Set<string>();
  readonly secrets = new Set<string>();
  readonly allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.allowed = new Set(allowed);
  }

  refuse(path: string, code: TemplateProblem['code'], { position, reason }: Problem): Part {
    this.problems.push({ path, code, position, reason });
    return { constant: undefined };
  }

  refer({ variables, nodes, secrets }: References): void {
    for (const name of variables) this.variables.add(name);
    for (const id of nodes) this.nodes.add(id);
    for (const name of secrets) this.secrets.add(name);
  }
}

/** Throws `expression_invalid`, `unsafe_key` or `too_deep` with `data: { path, position }` for the first fault. */
export function compileTemplate(value: unknown): Template {
  const walk = new Walk(VARIABLES);
  const part = compileValue(value, '', 0, walk);
  const [problem] = walk.problems;
  if (problem !== undefined) {
    const { path, position, code } = problem;
    throw new MyelinError(code, `${path === '' ? '' : `${path}: `}${say(problem)}`, { path, position });
  }
  const { variables, nodes, secrets } = walk;
  const references = { variables, nodes, secrets };
  if (!('resolve' in part)) return { resolve: () => part.constant, constant: true, references };
  return { resolve: part.resolve, constant: false, references };
}

/** Every fault of the templates in `value`; `allowedVariables` are the names (with `$`) known at this place. */
export function templateFaults(value: unknown, allowedVariables: readonly string[]): Fault[] {
  const walk = new Walk(allowedVariables);
  compileValue(value, '', 0, walk);
  return walk.problems.map((problem) => ({ path: problem.path, message: say(problem) }));
}

/** The text is one `{{ }}` and nothing else, so that it yields a value of any type; also false where it has faults. */
export function isOneExpression(text: string): boolean {
  return text.startsWith('{{') && analyze(text, 2, true).next === text.length;
}

function say({ code, reason, position }: TemplateProblem): string {
  return code === 'expression_invalid' ? `${reason} at position ${position}` : reason;
}

function compileValue(value: unknown, path: string, depth: number, walk: Walk): Part {
  if (typeof value === 'string') return compileText(value, path, walk);
  if (typeof value !== 'object' || value === null) return { constant: value };
  if (depth >= MAX_DEPTH) {
    return walk.refuse(path, 'too_deep', { position: 0, reason: `nested more than ${MAX_DEPTH} levels deep` });
  }
  if (Array.isArray(value)) return compileArray(value, path, depth + 1, walk);
  return compileObject(value as JsonObject, path, depth + 1, walk);
}

const run = (part: Part, env: Env): unknown => ('resolve' in part ? part.resolve(env) : part.constant);

function compileArray(items: readonly unknown[], path: string, depth: number, walk: Walk): Part {
  const parts = items.map((item, index) => compileValue(item, `${path}[${index}]`, depth, walk));
  if (!parts.some((part) => 'resolve' in part)) return { constant: items };
  return { resolve: (env) => parts.map((part) => run(part, env)) };
}

function compileObject(object: JsonObject, path: string, depth: number, walk: Walk): Part {
  const parts = Object.keys(object).map((key) => {
    const place = join(path, key);
    if (isUnsafe(key)) walk.refuse(place, 'unsafe_key', { position: 0, reason: `the key ${key} is refused` });
    return { key, part: compileValue(object[key], place, depth, walk) };
  });
  if (!parts.some(({ part }) => 'resolve' in part)) return { constant: object };
  return {
    resolve: (env) => {
      const result: Record<string, unknown> = {};
      for (const { key, part } of parts) result[key] = run(part, env);
      return result;
    },
  };
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function compileText(text: string, path: string, walk: Walk): Part {
  if (!text.includes('{{')) return { constant: text };
  const pieces: (string | Compiled)[] = [];
  let from = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', from)) {
    if (open > from) pieces.push(text.slice(from, open));
    const { problems, compiled, next } = analyze(text, open + 2, true, walk.allowed);
    for (const problem of problems) walk.refuse(path, 'expression_invalid', problem);
    if (compiled !== undefined) {
      walk.refer(compiled.references);
      pieces.push(compiled);
    }
    from = next ?? afterBraces(text, open);
  }
  if (from < text.length) pieces.push(text.slice(from));
  return compilePieces(pieces, path);
}

/** Where to look on behind an expression that cannot be parsed: after the next `}}`, or nowhere. */
function afterBraces(text: string, open: number): number {
  const close = text.indexOf('}}', open);
  return close === -1 ? text.length : close + 2;
}

function compilePieces(pieces: readonly (string | Compiled)[], path: string): Part {
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'object') return { resolve: (env) => evaluate(only, env, path) };
  return {
    resolve: (env) => {
      let text = '';
      for (const piece of pieces) {
        text = add(text, typeof piece === 'string' ? piece : evaluate(piece, env, path), path);
      }
      return text;
    },
  };
}

function add(text: string, value: unknown, path: string): string {
  try {
    return appendValue(text, value);
  } catch (error) {
    const { code, message } = error as Refusal;
    throw new MyelinError(code, `${path === '' ? '' : `${path}: `}${message}`, { path });
  }
}
