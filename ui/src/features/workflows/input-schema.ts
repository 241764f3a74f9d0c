/** What the manual trigger of a workflow says it takes, where a form can be made of it. */
import type { JsonSchema } from '../../components/schema-form.tsx';
import type { Definition } from '../../graph/document.ts';

export function inputSchemaOf({ triggers = [] }: Definition): JsonSchema | undefined {
  const schema = triggers.find(({ type }) => type === 'manual')?.input as JsonSchema | undefined;
  return schema?.properties === undefined ? undefined : schema;
}
