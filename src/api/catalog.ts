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
      ({ type, version, description, example, config }): TriggerTypeAnswer => ({
        ...{ type, version, description, example },
        configSchema: jsonSchema(config),
      }),
    ),
  };
  const document = jsonSchema(definitionSchema);
  operation(app, 'getDefinitionSchema', async () => document);
  operation(app, 'listNodeTypes', async () => nodeTypes);
  operation(app, 'listTriggerTypes', async () => triggerTypes);
}

function nodeType(type: NodeType): NodeTypeAnswer {
  const { version, description, example, config } = type;
  const parsed: unknown = config.parse(example);
  return {
    type: type.type,
    version,
    description,
    kind: isContainer(type) ? 'container' : isTask(type) ? 'task' : 'step',
    ports: [...type.ports(parsed)],
    effect: type.effect(parsed),
    configSchema: jsonSchema(config),
    example,
  };
}

/** As it is written, so before defaults and templates. What JSON Schema cannot say is left open. */
function jsonSchema(config: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(config, { unrepresentable: 'any', io: 'input' });
}
