/** The config of an agent: what people write (the public format). */
import { z } from 'zod';
import { retrySchema } from '../core/definition/retry-schema.ts';
import { durationSchema } from '../core/duration.ts';
import { EFFECTS } from '../core/effect.ts';
import { templateFaults } from '../core/expression/index.ts';
import { jsonSchemaFaults } from '../core/json-schema/check.ts';

export const POLICIES = ['allow', 'ask', 'deny'] as const;
export type Policy = (typeof POLICIES)[number];

/** Ids of nodes inside of an agent; a tool has another name. */
const RESERVED: ReadonlySet<string> = new Set([
  'model',
  'context',
  'approve',
  'arguments',
  'rejected',
  'refused',
  'call',
  'more',
  'remember',
  'recall',
]);

const toolName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'takes letters, digits, _ and -, begins with a letter, at most 64')
  .refine((name) => !RESERVED.has(name), 'is the name of a part of every agent; take another');

/** Places as an array, so that a fault of the schema is told at its own place in the definition. */
export const jsonSchema = z.record(z.string(), z.json()).superRefine((schema, context) => {
  for (const { path, message } of jsonSchemaFaults(schema)) {
    context.addIssue({ code: 'custom', message, path: path === '' ? [] : [path] });
  }
});

const VARIABLES = [
  '$json',
  '$node',
  '$trigger',
  '$execution',
  '$workflow',
  '$vars',
  '$now',
  '$item',
  '$index',
  '$results',
];

const policy = z
  .union([z.enum(POLICIES), z.string().regex(/^\{\{[\s\S]*\}\}$/, 'takes allow, ask, deny, or an expression in {{ }}')])
  .superRefine((text, context) => {
    for (const { message } of templateFaults(text, VARIABLES)) context.addIssue({ code: 'custom', message });
  })
  .describe(
    'allow, ask a person, or deny; or an expression over the arguments ($json). Default ask for irreversible effects',
  );

const people = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).min(1).max(100)]);

const rules = {
  policy: policy.optional(),
  approvers: people.optional().describe('Who is asked; default anybody'),
  approvalTimeout: durationSchema.optional().describe('Then the call counts as rejected'),
  trusted: z.boolean().optional().describe('What it answers is the word of the house, not of outsiders'),
};

const effect = z.enum(EFFECTS).optional();
const description = z.string().max(4_000);

/** A node is a tool: in its config `$json` are the arguments. */
const nodeTool = z.strictObject({
  name: toolName,
  description,
  parameters: jsonSchema.optional().describe('JSON Schema of its arguments; default an object of anything'),
  type: z.string().min(1).max(64).describe('Node type'),
  config: z.record(z.string(), z.unknown()).optional(),
  retry: retrySchema.optional(),
  timeout: durationSchema.optional(),
  ...rules,
});

const workflowTool = z.strictObject({
  name: toolName,
  description,
  workflow: z.string().min(1).max(200).describe('Name or id of an active workflow; its input are the arguments'),
  parameters: jsonSchema.optional(),
  handoff: z
    .boolean()
    .optional()
    .describe('The other agent takes over: it gets `conversation` besides, and its output is the output of this one'),
  effect: effect.describe(
    'What it does to the world; default the strongest of its nodes and of the workflows it calls',
  ),
  ...rules,
});

const sourceTool = z.strictObject({
  source: z
    .string()
    .regex(/^(mcp|openapi):[A-Za-z0-9_-]{1,64}$/, 'takes mcp:NAME or openapi:NAME, as `myelin tools` lists them')
    .describe('All tools of an MCP server or an OpenAPI file that the operator has set up'),
  include: z.array(z.string().min(1).max(100)).max(200).optional().describe('Only these; * stands for anything'),
  ...rules,
});

const toolSchema = z.union([nodeTool, workflowTool, sourceTool]);
export type NodeTool = z.infer<typeof nodeTool>;
export type WorkflowTool = z.infer<typeof workflowTool>;
export type SourceTool = z.infer<typeof sourceTool>;
export type ToolConfig = z.infer<typeof toolSchema>;

const stored = z.strictObject({
  template: z.string().min(1).max(100).describe('Name of a prompt of the project'),
  version: z.int().min(1).optional().describe('Default the active one'),
  default: z.string().max(1_000_000).optional().describe('Where the project has none of this name'),
});
export type StoredPrompt = z.infer<typeof stored>;

const modelName = z.string().min(1).max(200);

/** What agents and the nodes built on them share. */
export const common = {
  model: z
    .union([modelName, z.array(modelName).min(1).max(10)])
    .describe('provider:model or a name of the operator; of a list, the next is asked where one fails'),
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.int().min(1).max(1_000_000).optional(),
  session: z.string().min(1).max(500).optional().describe('Key of the conversation; without one, nothing is kept'),
  idle: durationSchema
    .optional()
    .describe('The session ends by itself after so long without activity; default MYELIN_SESSION_IDLE'),
  user: z.string().min(1).max(500).optional().describe('Who speaks; budgets and memory are kept by it'),
};

export const limits = z.strictObject({
  steps: z.int().min(1).max(1_000).optional().describe('Model calls; default 20'),
  tokens: z.int().min(1).optional().describe('Read and written, of all model calls'),
  cost: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Of this agent and all below it, in units of the currency'),
  time: durationSchema.optional().describe('Checked between turns'),
  result: z
    .int()
    .min(100)
    .max(10_000_000)
    .optional()
    .describe('Characters of what one tool call answers that the model sees; default 50000'),
  repeats: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('The same call with the same answer so often in a row is not made again; default 3'),
  onBudget: z
    .union([z.enum(['fail', 'pause_and_ask']), z.strictObject({ fallback: modelName })])
    .optional()
    .describe(
      'Where a budget has not enough left: fail (default), ask a person for more, or go on with a cheaper model',
    ),
});

const memory = z.strictObject({
  window: z.int().min(0).max(500).optional().describe('Messages of the session that are read again; default 20'),
  summarize: z.boolean().optional().describe('What falls out of the window is summed up by the model'),
  tools: z.boolean().optional().describe('Tools `remember` and `recall` for facts and for what was said long ago'),
});

const prompt = z.enum(['trusted', 'untrusted']).optional();

/** Of a node that only reads a text. */
export const textSafety = z.strictObject({
  prompt: prompt.describe('Where the text comes from; default untrusted'),
  strip: z
    .boolean()
    .optional()
    .describe('HTML and scripts are taken out of the text, and of what the session has heard'),
});

const safety = z.strictObject({
  prompt: prompt.describe('Where the prompt comes from; default untrusted'),
  irreversible: z
    .enum(POLICIES)
    .optional()
    .describe(
      'Tools of this effect while untrusted content is in the context: deny forbids them; default their own policy',
    ),
  strip: z
    .boolean()
    .optional()
    .describe('HTML and scripts are taken out of the prompt, of what tools answer, and of what the session has heard'),
});

const agentFields = z.strictObject({
  ...common,
  system: z
    .union([z.string().max(1_000_000), stored])
    .optional()
    .describe('Who the agent is and what it should heed'),
  prompt: z
    .union([z.string().max(1_000_000), stored])
    .optional()
    .describe('What is asked; may be left out where there are `messages`, and empty where something is attached'),
  messages: z
    .unknown()
    .optional()
    .describe(
      'What was said before, such as {{ $trigger.conversation }} of a hand-off; in the place of the session’s window',
    ),
  attachments: z.unknown().optional().describe('Images, audio and files: a list of { type, blob, mediaType }'),
  tools: z.array(toolSchema).max(128).optional(),
  output: z
    .strictObject({
      schema: jsonSchema,
      repair: z
        .int()
        .min(0)
        .max(5)
        .optional()
        .describe('Times it is asked again where the answer does not fit; default 2'),
    })
    .optional()
    .describe('JSON Schema of the output; without it the output is { text }'),
  limits: limits.optional(),
  memory: memory.optional(),
  safety: safety.optional(),
});

export const agentConfig = agentFields.superRefine(({ prompt, messages, attachments }, context) => {
  const fault = (message: string) => context.addIssue({ code: 'custom', message, path: ['prompt'] });
  if (prompt === undefined && messages === undefined) {
    fault('is missing; an agent takes a `prompt`, `messages`, or both');
  } else if (prompt === '' && (Array.isArray(attachments) ? attachments.length === 0 : !attachments)) {
    fault('is empty, and nothing is attached');
  }
});
export type AgentConfig = z.infer<typeof agentConfig>;

/** Taken as they are written: what is in them is not resolved when the agent begins. */
export const RAW_FIELDS = ['tools', 'output', 'limits', 'memory', 'safety'] as const;
