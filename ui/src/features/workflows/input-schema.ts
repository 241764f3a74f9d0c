/** What the manual trigger of a workflow says it takes, where a form can be made of it, and what is wrong with an input. */
import { ApiProblem } from '../../api/problem.ts';
import type { JsonSchema } from '../../components/schema-form.tsx';
import type { Definition } from '../../graph/document.ts';

export function inputSchemaOf({ triggers = [] }: Definition): JsonSchema | undefined {
  const schema = triggers.find(({ type }) => type === 'manual')?.input as JsonSchema | undefined;
  return schema?.properties === undefined ? undefined : schema;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** What the server says of the fields of an input, by their paths in the form; empty where it is about something else. */
export function inputFaults(error: Error | null | undefined): ReadonlyMap<string, string> {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return NONE;
  const fields = error.errors.map(({ path, message }) => [/^input\.(.+)$/.exec(path)?.[1], message] as const);
  const known = fields.filter((field): field is readonly [string, string] => field[0] !== undefined);
  return known.length === fields.length ? new Map(known) : NONE;
}
