/** Why a version was not taken, and where in what was typed. */
import { ApiProblem } from '../../../api/problem.ts';
import type { Fault } from '../../../components/code-editor.tsx';
import { brokenSpan, spanOf } from './json-places.ts';

export interface Typed {
  readonly schema: string;
  readonly upcast: string;
}
export type Part = keyof Typed;

export interface Refusal {
  readonly error: Error;
  /** What is wrong with the type of the messages. */
  readonly type?: string;
  /** Marks in the texts as they were then; an editor moves them with what is typed. */
  readonly marks: Readonly<Record<Part, readonly Fault[]>>;
}

/** The server speaks of `schema.type`, `upcast.total`, and where versions do not agree of places inside of the schema. */
export function refusalOf(error: Error, typed: Typed): Refusal {
  const marks: Record<Part, Fault[]> = { schema: [], upcast: [] };
  const errors = error instanceof ApiProblem ? error.errors : [];
  const type = errors.find(({ path }) => path === 'params.type')?.message;
  for (const { path, message } of errors) {
    if (/^(params\.|body\.policy)/.test(path)) continue;
    const [, word, inside = path] = /^(?:body\.)?(schema|upcast)(?:\.|(?=\[)|$)(.*)/s.exec(path) ?? [];
    const part = word === 'upcast' ? 'upcast' : 'schema';
    marks[part].push({ ...spanOf(typed[part], inside), message });
  }
  return { error, marks, ...(type !== undefined && { type }) };
}

interface Read {
  readonly schema: unknown;
  readonly upcast?: unknown;
}

/** The texts as JSON; an empty upcast is none. */
export function readTyped(typed: Typed): Read | { readonly refusal: Refusal } {
  let part: Part = 'schema';
  try {
    const schema: unknown = JSON.parse(typed.schema);
    part = 'upcast';
    return typed.upcast.trim() === '' ? { schema } : { schema, upcast: JSON.parse(typed.upcast) };
  } catch (cause) {
    const message = `The ${part} is no JSON: ${(cause as Error).message}`;
    const marks = { schema: [], upcast: [], [part]: [{ ...brokenSpan(typed[part]), message }] };
    return { refusal: { error: new Error(message), marks } };
  }
}
