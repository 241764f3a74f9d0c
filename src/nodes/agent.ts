/** An agent: a model in a loop with tools, until it has an answer. Each of its calls is a step of the journal. */
import { type AgentConfig, agentConfig, RAW_FIELDS } from '../agents/config.ts';
import { agentDirector } from '../agents/director.ts';
import { openAgent } from '../agents/memo.ts';
import { bodiesOf, placeOf } from '../agents/toolbox.ts';
import type { ContainerNode } from '../core/node-type.ts';
import type { Models } from '../ports/model.ts';

export { type AgentConfig, agentConfig } from '../agents/config.ts';

export function agentNode(models: Pick<Models, 'card'>): ContainerNode<AgentConfig> {
  return {
    type: 'agent',
    version: 2,
    description:
      'Asks a language model, which may call tools, until it has an answer: its text, or an object by a JSON Schema.',
    example: {
      model: 'scripted:triage',
      system: 'You sort incidents.',
      prompt: 'service: {{ $trigger.body.service }}\n{{ $trigger.body.log }}',
      tools: [
        {
          name: 'lookup',
          description: 'Who owns a service',
          parameters: { type: 'object', required: ['service'], properties: { service: { type: 'string' } } },
          type: 'http',
          config: { url: 'https://owners.example.com/{{ $json.service }}' },
        },
      ],
      output: {
        schema: {
          type: 'object',
          properties: { severity: { enum: ['critical', 'warning', 'info'] }, summary: { type: 'string' } },
          required: ['severity', 'summary'],
        },
      },
      limits: { steps: 10, cost: 0.5 },
    },
    config: agentConfig,
    first: ['model', 'system', 'prompt', 'tools', 'session', 'output', 'limits'],
    raw: RAW_FIELDS,
    ports: () => ['out'],
    effect: () => 'pure',
    bodies: bodiesOf,
    place: placeOf,
    open: (config, input) => openAgent(config, input, models.card),
    director: agentDirector,
  };
}
