/** What the parts of the compiler share: the names in scope, what was found so far, and how to compile a part. */
import type { AnyNode } from 'acorn';
import { fail, MAX_DEPTH } from './budget.ts';
import type { Env } from './env.ts';

/** A compiled part of an expression. */
export type Code = (env: Env, scope: Scope | null) => unknown;

/** The parameters of an arrow function at run time. */
export interface Scope {
  readonly parent: Scope | null;
  readonly slots: readonly unknown[];
}

/** What an expression names, so that others can check it and fetch it before it runs. */
export interface References {
  readonly variables: ReadonlySet<string>;
  /** Ids written in the source; one made at run time (`$node[expr]`) is not among them. */
  readonly nodes: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
}

/** One thing that is wrong with a source; `position` counts characters from 0. */
export interface Problem {
  readonly position: number;
  readonly reason: string;
}

/** Stands in for a part that was refused. It never runs, since what has problems is not handed out. */
const REFUSED: () => never = fail.bind(null, 'a part was refused');

export class Context {
  readonly problems: Problem[] = [];
  readonly variables = new Set<string>();
  readonly nodes = new Set<string>();
  readonly secrets = new Set<string>();
  /** Codes that only read a path from the input: what they yield is plain already. */
  readonly paths = new WeakSet<Code>();
  /** Variables that may be named here. */
  readonly allowed: ReadonlySet<string>;
  /** Nodes compiled so far: what one run of a part costs. */
  size = 0;
  readonly #compileNode: (node: AnyNode, context: Context) => Code;
  readonly #frames: (readonly string[])[] = [];
  #depth = 0;

  constructor(allowed: ReadonlySet<string>, compileNode: (node: AnyNode, context: Context) => Code) {
    this.allowed = allowed;
    this.#compileNode = compileNode;
  }

  compile(node: AnyNode): Code {
    this.size++;
    if (this.#depth >= MAX_DEPTH) {
      return this.refuse(node, `the expression is nested more than ${MAX_DEPTH} levels deep`);
    }
    this.#depth++;
    const code = this.#compileNode(node, this);
    this.#depth--;
    return code;
  }

  /** Records a problem; the code stands in so that the rest is looked at too. */
  refuse(node: { readonly start: number }, reason: string): () => never {
    this.problems.push({ position: node.start, reason });
    return REFUSED;
  }

  /** Compiles with the parameters of an arrow function in scope. */
  within<T>(names: readonly string[], compile: () => T): T {
    this.#frames.push(names);
    const result = compile();
    this.#frames.pop();
    return result;
  }

  /** Where a parameter is at run time: how many scopes up, and its slot. */
  lookup(name: string): { up: number; slot: number } | undefined {
    for (let up = 0; up < this.#frames.length; up++) {
      const slot = this.#frames[this.#frames.length - 1 - up]!.lastIndexOf(name);
      if (slot !== -1) return { up, slot };
    }
    return undefined;
  }

  /** Names of all parameters in scope. */
  locals(): string[] {
    return this.#frames.flat();
  }
}
