/** What a workflow can be made of, with the JSON Schema of each config; made once, since types do not change. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { NodeTypeAnswer, TriggerTypeAnswer } from '../contract/node-types.ts';
import { definitionSchema } from '../core/definition/schema.ts';
import type { Catalog } from '../core/definition/validate.ts';
import { isContainer, isTask, type NodeType } from '../core/node-type.ts';
import { operation } from './operation.ts';

export function catalog(app: FastifyInstance, { nodes, triggers }: Catalog): void {
  const nodeTypes = { items: [...nodes.values()].map(nodeType) };
  const triggerTypes = {
    items: [...triggers.values()].map(
      ({ type, version, description, example, config, first }): TriggerTypeAnswer => ({
        ...{ type, version, description, example },
        configSchema: configSchemaOf(config, first),
      }),
    ),
  };
  const document = jsonSchema(definitionSchema);
  operation(app, 'getDefinitionSchema', async () => document);
  operation(app, 'listNodeTypes', async () => nodeTypes);
  operation(app, 'listTriggerTypes', async () => triggerTypes);
}

function nodeType(type: NodeType): NodeTypeAnswer {
  const { version, description, example, config, first } = type;
  const parsed: unknown = config.parse(example);
  return {
    type: type.type,
    version,
    description,
    kind: isContainer(type) ? 'container' : isTask(type) ? 'task' : 'step',
    ports: [...type.ports(parsed)],
    effect: type.effect(parsed),
    configSchema: configSchemaOf(config, first),
    example,
  };
}

/** `x-first` tells a form what it shows at once, as `x-connection` tells it what a name is of. */
const configSchemaOf = (config: z.ZodType, first: readonly string[] | undefined): Record<string, unknown> => ({
  ...jsonSchema(config),
  ...(first && { 'x-first': first }),
});

/** As it is written, so before defaults and templates. What JSON Schema cannot say is left open. */
function jsonSchema(config: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(config, { unrepresentable: 'any', io: 'input' });
}
