/** What an agent reads before it begins: its session, the prompts of the project, the tools of its sources. */
import { z } from 'zod';
import { sessionStateAt } from '../agents/session-state.ts';
import { SUMMED_UP_TO } from '../agents/turns.ts';
import type { Message } from '../core/conversation.ts';
import { type Effect, strongestOf } from '../core/effect.ts';
import { MyelinError } from '../core/errors.ts';
import { compileTemplate } from '../core/expression/index.ts';
import type { NodeTypes, TaskContext, TaskNode } from '../core/node-type.ts';
import type { SessionMessage } from '../core/session/state.ts';
import { reachOf } from '../core/workflow-effect.ts';
import type { PromptStore } from '../ports/prompts.ts';
import type { SessionStore } from '../ports/sessions.ts';
import type { Tools } from '../ports/tools.ts';
import type { WorkflowStore } from '../ports/workflows.ts';

const stored = z.strictObject({
  template: z.string(),
  version: z.int().optional(),
  default: z.string().optional(),
});
const text = z.union([z.string(), stored, z.null()]);

export const contextConfig = z.strictObject({
  session: z.union([z.string(), z.null()]).optional().describe('Key of the conversation'),
  window: z
    .union([z.int().min(0).max(500), z.string()])
    .optional()
    .describe('Messages of it; default 20'),
  system: text.optional().describe('A text, or { template } for a prompt of the project'),
  prompt: text.optional(),
  input: z.unknown().optional().describe('`$json` of these prompts; default the input of this node'),
  sources: z
    .union([z.array(z.string()).max(128), z.string()])
    .optional()
    .describe('Whose tools are listed'),
  workflows: z
    .union([z.array(z.string()).max(128), z.string()])
    .optional()
    .describe('Names or ids; what each may do to the world is looked up'),
});
export type ContextConfig = z.infer<typeof contextConfig>;

export interface ContextNeeds {
  readonly sessions: Pick<SessionStore, 'get' | 'snapshot' | 'events'>;
  readonly prompts: Pick<PromptStore, 'get'>;
  readonly tools: Pick<Tools, 'list'>;
  readonly workflows: Pick<WorkflowStore, 'get'>;
  /** All there are. */
  readonly types: () => NodeTypes;
}

const WINDOW = 20;
/** Messages before the window that are summed up at once, the oldest first: what is left comes the next time. */
const MOST_OVERFLOW = 200;

export function contextNode(needs: ContextNeeds): TaskNode<ContextConfig> {
  return {
    type: 'context',
    version: 1,
    description:
      'Reads what an agent needs before it begins: a session, prompts of the project, tools of sources, effects of workflows.',
    example: { session: '{{ $trigger.body.customer }}', prompt: { template: 'greeting' } },
    config: contextConfig,
    first: ['prompt', 'system', 'session'],
    ports: () => ['out'],
    effect: () => 'read',
    run: async (config, task) => {
      const [session, system, prompt, tools, effects] = await Promise.all([
        sessionOf(needs, config, task),
        textOf(needs, config.system ?? null, config, task),
        textOf(needs, config.prompt ?? null, config, task),
        toolsOf(needs, config, task),
        effectsOf(needs, config, task),
      ]);
      return { output: { session, system, prompt, tools, effects } };
    },
  };
}

/** A prompt of the project, or the one that the workflow brings along. */
async function textOf(
  { prompts }: ContextNeeds,
  wanted: z.infer<typeof text>,
  config: ContextConfig,
  { projectId, env, input }: TaskContext,
): Promise<string | null> {
  if (wanted === null || typeof wanted === 'string') return wanted;
  const { template, version } = wanted;
  const found =
    (await prompts.get(projectId, template, version))?.text ?? (version === undefined ? wanted.default : undefined);
  if (found === undefined) {
    const which = version === undefined ? '' : ` in version ${version}`;
    throw new MyelinError(
      'prompt_not_found',
      `There is no prompt ${template}${which}; save it with \`myelin prompts save\`.`,
    );
  }
  const $json = 'input' in config ? config.input : input;
  const { $trigger, $execution, $workflow, $vars, $now } = env;
  const value = compileTemplate(found).resolve({
    ...{ $json, $trigger, $execution, $workflow, $vars },
    ...($now !== undefined && { $now }),
    node: (id) => env.node?.(id),
  });
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

async function toolsOf(
  { tools }: ContextNeeds,
  { sources }: ContextConfig,
  { signal }: TaskContext,
): Promise<object[]> {
  const names = Array.isArray(sources) ? sources : [];
  const found = await Promise.all(
    names.map(async (source) => (await tools.list(source, signal)).map((tool) => ({ source, ...tool }))),
  );
  return found.flat();
}

/** Workflows that one may lead to; beyond, it counts as irreversible. */
const MOST_WORKFLOWS = 100;

/** By name, as the workflows are now. */
async function effectsOf(
  needs: ContextNeeds,
  { workflows }: ContextConfig,
  { projectId }: TaskContext,
): Promise<Record<string, Effect>> {
  const names = Array.isArray(workflows) ? workflows : [];
  const found = names.map(async (name) => [name, await effectOf(needs, projectId, name)] as const);
  return Object.fromEntries(await Promise.all(found));
}

/** The strongest of its nodes and of the workflows that it calls; of one that is not there, nobody knows. */
async function effectOf({ workflows, types }: ContextNeeds, projectId: string, name: string): Promise<Effect> {
  const effects: Effect[] = [];
  const seen = new Set<string>([name]);
  for (const next of seen) {
    const found = await workflows.get(projectId, next);
    if (found === undefined || seen.size > MOST_WORKFLOWS) return 'irreversible';
    const { effect, calls } = reachOf(found.definition, types());
    effects.push(effect);
    for (const call of calls) seen.add(call);
  }
  return strongestOf(effects);
}

async function sessionOf(
  { sessions }: ContextNeeds,
  { session: key, window: wanted }: ContextConfig,
  { projectId, executionId, path }: TaskContext,
): Promise<object | null> {
  if (key === undefined || key === null) return null;
  const found = await sessions.get(projectId, key);
  const state = found === undefined ? undefined : await sessionStateAt(sessions, found);
  if (state === undefined)
    return { window: [], overflow: [], overflowTo: 0, summary: null, facts: {}, untrusted: false };
  const { [SUMMED_UP_TO]: upTo = 0, ...facts } = state.context;
  // What this agent was just asked stands in the session already.
  const own = `${executionId}/${path.slice(0, path.lastIndexOf('['))}/`;
  const said = state.messages.filter((message) => message.seq > Number(upTo) && !message.id.startsWith(own));
  const window = typeof wanted === 'number' ? wanted : WINDOW;
  const from = Math.max(0, said.length - window);
  const overflow = said.slice(0, Math.min(from, MOST_OVERFLOW));
  return {
    window: said.slice(from).map(toMessage),
    overflow: overflow.map(toMessage),
    overflowTo: overflow.at(-1)?.seq ?? Number(upTo),
    summary: state.summary,
    facts,
    // What was made of the words of outsiders, and of what tools answered, is theirs too.
    untrusted: state.counters.toolCalls > 0 || state.messages.some((one) => one.role === 'user' && one.untrusted),
  };
}

function toMessage(message: SessionMessage): Message {
  if (message.role === 'user') {
    const { content, untrusted } = message;
    return { role: 'user', content, ...(untrusted === true && { untrusted }) };
  }
  const { content } = message;
  return { role: 'assistant', content: typeof content === 'string' ? content : JSON.stringify(content) };
}
