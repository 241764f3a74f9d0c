/** Picks out of a text what a JSON Schema describes. */
import { z } from 'zod';
import { common, jsonSchema, limits, textSafety } from '../agents/config.ts';
import { agentDirector } from '../agents/director.ts';
import { openAgent } from '../agents/memo.ts';
import { bodiesOf, placeOf } from '../agents/toolbox.ts';
import type { ContainerNode, Director, Known } from '../core/node-type.ts';
import type { Models } from '../ports/model.ts';

export const extractConfig = z.strictObject({
  ...common,
  text: z.string().min(1).max(1_000_000).describe('Where to look'),
  schema: jsonSchema.describe('JSON Schema of the output'),
  instructions: z.string().max(100_000).optional().describe('What else the model should heed'),
  limits: limits.optional(),
  safety: textSafety.optional(),
});
export type ExtractConfig = z.infer<typeof extractConfig>;

export function extractNode(models: Pick<Models, 'card'>): ContainerNode<ExtractConfig> {
  return {
    type: 'extract',
    version: 1,
    description: 'Picks facts out of a text: names, dates, amounts; the output fits a JSON Schema.',
    example: {
      model: 'scripted:desk',
      text: '{{ $trigger.body.message }}',
      schema: {
        type: 'object',
        required: ['order'],
        properties: { order: { type: ['string', 'null'] }, amount: { type: 'number' } },
      },
    },
    config: extractConfig,
    first: ['model', 'text', 'schema', 'instructions'],
    raw: ['schema', 'limits', 'safety'],
    ports: () => ['out'],
    effect: () => 'pure',
    bodies: () => bodiesOf({ model: '', prompt: '' }),
    place: (_, body) => placeOf({ model: '', prompt: '' }, body),
    open: ({ text: prompt, schema: _, instructions, ...rest }, input) => {
      const system = `Pick out of the text what the JSON Schema of the answer describes. Invent nothing: what the text does not say is null or left out.${instructions === undefined ? '' : `\n${instructions}`}`;
      return openAgent({ ...rest, prompt, system }, input, models.card);
    },
    director,
  };
}

const asAgent = (known: Known): Known => {
  const { limits: wanted, schema, safety } = known.config as unknown as ExtractConfig;
  return { ...known, config: { limits: wanted, safety, output: { schema } } };
};

const director: Director = {
  direct: (known) => agentDirector.direct(asAgent(known)),
  feed: (known, choice) => agentDirector.feed(asAgent(known), choice),
  giveUp: (known, choice, failed) => agentDirector.giveUp!(asAgent(known), choice, failed),
  grants: agentDirector.grants!,
  // What it finds is not said to anybody.
  record: (known, news) => (news.is === 'completed' ? [] : agentDirector.record!(asAgent(known), news)),
};
