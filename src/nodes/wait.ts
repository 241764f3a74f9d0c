import { z } from 'zod';
import { checkCondition } from '../core/condition.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import { type EventMatch, eventMatch } from '../core/event-match.ts';
import { isObject } from '../core/json.ts';
import type { Heard, Instruction, StepInput, StepNode } from '../core/node-type.ts';

export const waitConfig = z
  .strictObject({
    for: z.enum(['callback', 'event']).describe('A call of `$execution.callbackUrl`, or an event'),
    type: z.string().min(1).max(200).optional().describe('Type of the event, or a pattern such as order.*'),
    match: z
      .string()
      .max(4000)
      .superRefine(checkCondition)
      .optional()
      .describe('Of the events of that type, those for which this is true; `$event` is the CloudEvent'),
    timeout: durationSchema.optional().describe('Then it leaves by expired; default: it waits for ever'),
  })
  .refine((config) => config.for === 'event' || (config.type === undefined && config.match === undefined), {
    message: 'type and match are for events; remove them, or set for: event',
  })
  .refine((config) => config.for === 'callback' || config.type !== undefined, {
    path: ['type'],
    message: 'needs the type of the event, or a pattern such as order.*',
  });
export type WaitConfig = z.infer<typeof waitConfig>;

/** What an open wait for an event records; whoever delivers events reads it. */
export interface EventWaitDetails {
  readonly type: string;
  readonly match: EventMatch | null;
  /** The workflow masks what comes in. */
  readonly masks?: boolean;
}

export const wait: StepNode<WaitConfig> = {
  type: 'wait',
  version: 1,
  description: 'Waits for a call of its callback URL or for an event; costs nothing while it waits.',
  example: { for: 'event', type: 'payment.settled', match: '{{ $event.data.order == $json.order }}', timeout: '2d' },
  config: waitConfig,
  first: ['for', 'type', 'match', 'timeout'],
  ports: () => ['out', 'expired'],
  effect: () => 'pure',
  deferred: { match: ['$event'] },
  step: (config, input) => {
    const timers = config.timeout === undefined ? [] : [{ name: 'due', at: input.now + parseDuration(config.timeout) }];
    return { do: 'await', kind: config.for, details: detailsOf(config, input), timers };
  },
  hear: (_, heard, input) => hear(heard, input),
};

function detailsOf(config: WaitConfig, { env }: StepInput): EventWaitDetails | null {
  if (config.for === 'callback') return null;
  const match = config.match === undefined ? null : eventMatch(config.match, env);
  return { type: String(config.type), match };
}

function hear(heard: Heard, { json }: StepInput): Instruction {
  const given = isObject(json) ? json : { input: json };
  if ('timer' in heard) return { do: 'complete', output: { ...given, signal: null }, port: 'expired' };
  return { do: 'complete', output: { ...given, signal: heard.answer }, port: 'out' };
}
