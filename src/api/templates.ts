/** /api/templates: documents to begin with, and what each needs. */
import type { FastifyInstance } from 'fastify';
import type { TemplateSummary } from '../contract/templates.ts';
import { nodeTypesOf, type Reference, references } from '../core/definition/references.ts';
import type { Definition } from '../core/definition/schema.ts';
import { MyelinError } from '../core/errors.ts';
import type { Template } from '../ports/templates.ts';
import { operation } from './operation.ts';

export function templates(app: FastifyInstance, all: readonly Template[]): void {
  const items = all.map(({ definition }) => summary(definition));

  operation(app, 'listTemplates', async () => ({ items }));

  operation(app, 'getTemplate', async ({ params }) => {
    const found = all.find(({ definition }) => definition.name === params.name);
    if (found === undefined) throw new MyelinError('template_not_found', `There is no template ${params.name}.`);
    return { ...summary(found.definition), ...found };
  });
}

function summary(definition: Definition): TemplateSummary {
  const { name, description = null, triggers = [] } = definition;
  const named = references(definition);
  const needed = (kind: Reference['kind']) => [
    ...new Set(named.filter((one) => one.kind === kind).map((one) => one.name)),
  ];
  return {
    ...{ name, description, nodeTypes: nodeTypesOf(definition), triggers: triggers.map(({ type }) => type) },
    needs: {
      ...{ models: needed('model'), secrets: needed('secret') },
      ...{ connections: needed('connection'), workflows: needed('workflow') },
    },
  };
}
