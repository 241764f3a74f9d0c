/** Finds out what somebody wants: one of the intents that are named, each with a port of its own. */
import { z } from 'zod';
import { common, jsonSchema, limits, textSafety } from '../agents/config.ts';
import { agentDirector } from '../agents/director.ts';
import { openAgent } from '../agents/memo.ts';
import { bodiesOf, placeOf } from '../agents/toolbox.ts';
import type { Json } from '../core/json.ts';
import type { ContainerNode, Direction, Director, Known } from '../core/node-type.ts';
import type { SessionEvent } from '../core/session/events.ts';
import type { Models } from '../ports/model.ts';

const OTHER = 'other';
const intent = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'takes letters, digits, _ and -, begins with a letter, at most 64')
    .refine((name) => name !== OTHER && name !== 'error', 'is a port that every classify node has; take another'),
  description: z.string().max(1_000).optional(),
  examples: z.array(z.string().max(1_000)).max(20).optional(),
});

export const classifyConfig = z.strictObject({
  ...common,
  text: z.string().min(1).max(1_000_000).describe('What somebody said'),
  intents: z.array(intent).min(1).max(100),
  threshold: z.number().min(0).max(1).optional().describe('Less confidence than this leaves by `other`; default 0.5'),
  entities: jsonSchema.optional().describe('JSON Schema of what to pick out besides'),
  limits: limits.optional(),
  safety: textSafety.optional(),
});
export type ClassifyConfig = z.infer<typeof classifyConfig>;
type Intents = ClassifyConfig['intents'];

export function classifyNode(models: Pick<Models, 'card'>): ContainerNode<ClassifyConfig> {
  return {
    type: 'classify',
    version: 1,
    description: 'Finds the intent of a text among those named; leaves by the port of the intent, or by other.',
    example: {
      model: 'scripted:desk',
      text: '{{ $trigger.body.message }}',
      intents: [
        { name: 'refund', description: 'Wants money back', examples: ['I want my money back'] },
        { name: 'question', description: 'Asks how something works' },
      ],
      threshold: 0.6,
    },
    config: classifyConfig,
    first: ['model', 'text', 'intents', 'threshold'],
    raw: ['intents', 'threshold', 'entities', 'limits', 'safety'],
    ports: ({ intents }) => [...(Array.isArray(intents) ? intents.map(({ name }) => name) : []), OTHER],
    effect: () => 'pure',
    bodies: () => bodiesOf({ model: '', prompt: '' }),
    place: (_, body) => placeOf({ model: '', prompt: '' }, body),
    open: (config, input) => {
      const { text: prompt, intents, threshold: _, entities: __, ...rest } = config;
      return openAgent({ ...rest, prompt, system: instructions(intents) }, input, models.card);
    },
    director,
  };
}

function instructions(intents: Intents): string {
  const lines = intents.map(({ name, description, examples = [] }) => {
    const such = examples.length === 0 ? '' : ` Such as: ${examples.map((one) => JSON.stringify(one)).join(', ')}.`;
    return `- ${name}${description === undefined ? '' : `: ${description}.`}${such}`;
  });
  return `Find out what the text wants. Answer with JSON: the intent, how sure you are from 0 to 1, and what else it may be.\n${lines.join('\n')}\n- ${OTHER}: none of these.`;
}

function schemaOf({ intents, entities }: ClassifyConfig): Json {
  const name = { enum: [...intents.map((one) => one.name), OTHER] };
  const confidence = { type: 'number', minimum: 0, maximum: 1 };
  return {
    type: 'object',
    required: ['intent', 'confidence'],
    properties: {
      intent: name,
      confidence,
      alternatives: {
        type: 'array',
        items: { type: 'object', required: ['intent', 'confidence'], properties: { intent: name, confidence } },
      },
      ...(entities !== undefined && { entities }),
    },
  } as Json;
}

interface Classified {
  readonly intent: string;
  readonly confidence: number;
  readonly alternatives?: readonly { readonly intent: string; readonly confidence: number }[];
  readonly entities?: Json;
}

const asAgent = (known: Known): Known => {
  const config = known.config as unknown as ClassifyConfig;
  const { limits: wanted, safety } = config;
  return { ...known, config: { limits: wanted, safety, output: { schema: schemaOf(config) } } };
};

const director: Director = {
  direct(known): Direction {
    const direction = agentDirector.direct(asAgent(known));
    if (direction.do !== 'complete') return direction;
    const { threshold = 0.5 } = known.config as unknown as ClassifyConfig;
    const found = direction.output as Classified;
    const port = found.confidence < threshold ? OTHER : found.intent;
    return { do: 'complete', output: { alternatives: [], ...found }, port };
  },
  feed: (known, choice) => agentDirector.feed(asAgent(known), choice),
  giveUp: (known, choice, failed) => agentDirector.giveUp!(asAgent(known), choice, failed),
  grants: agentDirector.grants!,
  record(known, news): readonly SessionEvent[] {
    if (news.is !== 'completed') return agentDirector.record!(asAgent(known), news);
    const { intent: name, confidence, alternatives, entities } = news.output as Classified;
    const more = { ...(alternatives && { alternatives }), ...(entities !== undefined && { entities }) };
    return [{ type: 'intent.classified', at: known.now, data: { intent: name, confidence, ...more } }];
  },
};
