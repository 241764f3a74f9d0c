/** What an agent reads before it begins: its session, the prompts of the project, the tools of its sources. */
import { z } from 'zod';
import { sessionStateAt } from '../agents/session-state.ts';
import { effectsOf } from '../agents/workflow-effects.ts';
import { type Message, textOf } from '../core/conversation.ts';
import { MyelinError } from '../core/errors.ts';
import { compileTemplate } from '../core/expression/index.ts';
import type { NodeTypes, TaskContext, TaskNode } from '../core/node-type.ts';
import { newState, type SessionMessage, type SessionState, SUMMED_UP_TO } from '../core/session/state.ts';
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
      const [state, system, prompt, tools, effects] = await Promise.all([
        stateOf(needs, config, task),
        templateOf(needs, config.system ?? null, config, task),
        templateOf(needs, config.prompt ?? null, config, task),
        toolsOf(needs, config, task),
        effectsOf(needs, config, task),
      ]);
      const session = state === null ? null : shownOf(state, prompt, config, task);
      return { output: { session, system, prompt, tools, effects } };
    },
  };
}

/** A prompt of the project, or the one that the workflow brings along. */
async function templateOf(
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

/** Null: there is no conversation. */
async function stateOf(
  { sessions }: ContextNeeds,
  { session: key }: ContextConfig,
  { projectId }: TaskContext,
): Promise<SessionState | null> {
  if (key === undefined || key === null) return null;
  const found = await sessions.get(projectId, key);
  return found === undefined ? newState() : await sessionStateAt(sessions, found);
}

/** What of it an agent is shown. */
function shownOf(
  state: SessionState,
  prompt: string | null,
  { window: wanted }: ContextConfig,
  task: TaskContext,
): object {
  const { [SUMMED_UP_TO]: summed, ...facts } = state.context;
  const upTo = typeof summed === 'number' && summed <= state.seq ? summed : 0;
  const asked = askedNow(state, prompt, task);
  const said = state.messages.filter((message) => message.seq > upTo && !asked.has(message));
  const window = typeof wanted === 'number' ? wanted : WINDOW;
  const from = Math.max(0, said.length - window);
  const overflow = said.slice(0, Math.min(from, MOST_OVERFLOW));
  return {
    window: said.slice(from).map(toMessage),
    overflow: overflow.map(toMessage),
    overflowTo: overflow.at(-1)?.seq ?? upTo,
    overflowAt: overflow.map(({ seq }) => seq),
    summary: state.summary,
    facts,
    // What was made of the words of outsiders, and of what tools answered, is theirs too.
    untrusted: state.counters.toolCalls > 0 || state.messages.some((one) => one.role === 'user' && one.untrusted),
  };
}

/** What this agent was just asked stands in the session already, told by itself or by a node before it. */
function askedNow(
  { messages }: SessionState,
  prompt: string | null,
  { executionId, path }: TaskContext,
): ReadonlySet<SessionMessage> {
  const own = `${executionId}/${path.slice(0, path.lastIndexOf('['))}/`;
  const here = messages.filter(({ id }) => id.startsWith(`${executionId}/`));
  const unanswered = here.slice(here.findLastIndex(({ role }) => role === 'agent') + 1);
  const same = unanswered.filter((one) => one.role === 'user' && textOf(one.content) === prompt);
  return new Set([...here.filter(({ id }) => id.startsWith(own)), ...same]);
}

function toMessage(message: SessionMessage): Message {
  if (message.role === 'user') {
    const { content, untrusted } = message;
    return { role: 'user', content, ...(untrusted === true && { untrusted }) };
  }
  const { content } = message;
  return { role: 'assistant', content: typeof content === 'string' ? content : JSON.stringify(content) };
}
