/** Asks a person. What it records when it begins to wait is all that an inbox needs to show and `hear` to decide. */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../core/duration.ts';
import { isObject } from '../core/json.ts';
import { jsonSchemaFaults } from '../core/json-schema/check.ts';
import type { Heard, Instruction, StepInput, StepNode } from '../core/node-type.ts';

const DECISIONS = ['approved', 'rejected'] as const;
const name = z.string().min(1).max(200);
const people = z.union([name, z.array(name).min(1).max(100)]);

const escalation = z.union([
  z.strictObject({ to: people.describe('Who decides from then on'), timeout: durationSchema.optional() }),
  z.strictObject({ decide: z.enum(DECISIONS).describe('What counts as decided') }),
]);

export const approvalConfig = z.strictObject({
  title: z.string().min(1).max(500),
  description: z.string().max(10_000).optional(),
  data: z.unknown().optional().describe('What the person should see; default the input of this node'),
  form: z
    .unknown()
    .superRefine((schema, context) => {
      if (schema === undefined) return;
      for (const { path, message } of jsonSchemaFaults(schema)) {
        context.addIssue({ code: 'custom', message: path === '' ? message : `${path}: ${message}` });
      }
    })
    .optional()
    .describe('JSON Schema of what the person fills in, or edits'),
  assignees: people.optional().describe('Names or groups; default anybody'),
  timeout: durationSchema.optional().describe('Then it escalates, or leaves by expired'),
  reminder: durationSchema.optional().describe('Remind as often as this until it is decided'),
  escalate: escalation.optional(),
});
export type ApprovalConfig = z.infer<typeof approvalConfig>;

/** What is shown of an open approval, and recorded. Times in milliseconds since the epoch. */
export interface ApprovalDetails {
  readonly title: string;
  readonly description: string | null;
  readonly data: unknown;
  readonly form: unknown;
  readonly assignees: readonly string[] | null;
  readonly due: number | null;
  readonly reminderMs: number | null;
  readonly reminders: number;
  readonly escalate: ApprovalConfig['escalate'] | null;
  /** Who passed it on to whom. */
  readonly delegations: readonly { readonly by: string; readonly to: readonly string[]; readonly at: number }[];
}

/** What a person answers. */
export type ApprovalAnswer =
  | {
      readonly decision: (typeof DECISIONS)[number];
      readonly by: string;
      readonly comment?: string;
      readonly data?: unknown;
    }
  | { readonly delegate: readonly string[]; readonly by: string };

export const approval: StepNode<ApprovalConfig> = {
  type: 'approval',
  version: 1,
  description: 'Asks a person and waits; goes on by approved, rejected or expired, with what was decided and by whom.',
  example: { title: 'Refund {{ $json.amount }}?', assignees: ['finance'], timeout: '24h' },
  config: approvalConfig,
  first: ['title', 'description', 'assignees', 'form', 'timeout'],
  ports: () => ['approved', 'rejected', 'expired'],
  effect: () => 'pure',
  raw: ['form'],
  step: (config, input) => ask(begin(config, input), input.now),
  hear: (details, heard, input) => hear(details as ApprovalDetails, heard, input),
};

function begin(config: ApprovalConfig, { json, now }: StepInput): ApprovalDetails {
  return {
    title: String(config.title),
    description: config.description ?? null,
    data: 'data' in config ? config.data : json,
    form: config.form ?? null,
    assignees: namesOf(config.assignees),
    due: config.timeout === undefined ? null : now + parseDuration(config.timeout),
    reminderMs: config.reminder === undefined ? null : parseDuration(config.reminder),
    reminders: 0,
    escalate: config.escalate ?? null,
    delegations: [],
  };
}

/** One name is a list of one: an expression may have made either. */
function namesOf(people: unknown): readonly string[] | null {
  if (people === undefined || people === null) return null;
  return (Array.isArray(people) ? people : [people]).map(String);
}

function ask(details: ApprovalDetails, now: number): Instruction {
  const { due, reminderMs } = details;
  const timers = [
    ...(due === null ? [] : [{ name: 'due', at: due }]),
    ...(reminderMs === null ? [] : [{ name: 'reminder', at: now + reminderMs }]),
  ];
  return { do: 'await', kind: 'approval', details, timers };
}

function hear(details: ApprovalDetails, heard: Heard, input: StepInput): Instruction {
  if ('timer' in heard) return heard.timer === 'due' ? overdue(details, input) : remind(details, input.now);
  const answer = heard.answer as ApprovalAnswer;
  if ('delegate' in answer) {
    const delegation = { by: answer.by, to: answer.delegate, at: input.now };
    return ask(
      { ...details, assignees: answer.delegate, delegations: [...details.delegations, delegation] },
      input.now,
    );
  }
  return leave(input, answer.decision, answer);
}

function remind(details: ApprovalDetails, now: number): Instruction {
  return ask({ ...details, reminders: details.reminders + 1 }, now);
}

function overdue(details: ApprovalDetails, input: StepInput): Instruction {
  const { escalate } = details;
  if (escalate === null || escalate === undefined)
    return leave(input, 'expired', { decision: 'expired', by: 'timeout' });
  if ('decide' in escalate) return leave(input, escalate.decide, { decision: escalate.decide, by: 'timeout' });
  const due = escalate.timeout === undefined ? null : input.now + parseDuration(escalate.timeout);
  return ask({ ...details, assignees: namesOf(escalate.to), due, escalate: null }, input.now);
}

/** The input goes on, with what was decided. */
function leave({ json, now }: StepInput, port: string, given: object): Instruction {
  const decision = { ...given, at: new Date(now).toISOString() };
  return { do: 'complete', port, output: isObject(json) ? { ...json, decision } : { input: json, decision } };
}
