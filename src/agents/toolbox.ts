/** The tools of an agent: the graphs that its calls run, and what its model is told of them. */
import type { ToolSpec } from '../core/conversation.ts';
import { EFFECTS, type Effect } from '../core/effect.ts';
import { fitsGlob } from '../core/glob.ts';
import type { Json } from '../core/json.ts';
import { SUMMED_UP_TO } from '../core/session/state.ts';
import type { AgentConfig, NodeTool, SourceTool, ToolConfig, WorkflowTool } from './config.ts';

export interface Tool extends ToolSpec {
  /** The graph that runs a call of it; `ask:` before it, the one in which a person decides first. */
  readonly body: string;
  /** Where it is not that of the nodes of its body. */
  readonly effect?: Effect;
  readonly policy?: string;
  readonly trusted: boolean;
  readonly handoff: boolean;
  /** Of one from outside: what is called. */
  readonly external?: { readonly of: string; readonly hash: string };
}

/** As a `context` node finds it. */
export interface FoundTool extends ToolSpec {
  readonly source: string;
  readonly id: string;
  readonly hash: string;
  readonly effect: Effect;
}

/** What workflows may do to the world, by the names that the config has for them; as a `context` node finds it. */
export type WorkflowEffects = Readonly<Record<string, Effect>>;

interface Body {
  readonly nodes: readonly object[];
  readonly edges: readonly string[];
}

const ANYTHING: Json = { type: 'object' };

/** Node in which a person decides. */
export const APPROVE = 'approve';

export const askBody = (body: string): string => `ask:${body}`;
const externalBody = (source: string, effect: Effect): string => `${source}!${effect}`;

/** What an agent can run: its model, what it reads before it begins, each tool with and without a person who decides. */
export function bodiesOf(config: AgentConfig): Record<string, Body> {
  const bodies: Record<string, Body> = {
    context: alone({ id: 'context', type: 'context', config: fields(CONTEXT_FIELDS) }),
    model: alone({ id: 'model', type: 'model', config: fields(MODEL_FIELDS) }),
    refused: alone(failing('refused', '{{ $json.reason }}')),
    more: alone({ id: APPROVE, type: 'approval', config: MORE }),
  };
  for (const tool of config.tools ?? []) Object.assign(bodies, 'source' in tool ? sourceBodies(tool) : ownBodies(tool));
  if (config.memory?.tools) Object.assign(bodies, MEMORY_BODIES);
  return bodies;
}

/** Where a body stands in the config. */
export function placeOf(config: AgentConfig, body: string): string {
  const [name] = body.replace(/^ask:/, '').split('!');
  const index = (config.tools ?? []).findIndex((tool) => ('source' in tool ? tool.source : tool.name) === name);
  return index === -1 ? body : `tools[${index}]`;
}

/** Tools that the config names, and those that were found at their sources. */
export function toolsOf(
  config: Pick<AgentConfig, 'tools' | 'memory'>,
  found: readonly FoundTool[],
  effects?: WorkflowEffects,
): readonly Tool[] {
  const own = (config.tools ?? []).flatMap((tool) => ('source' in tool ? [] : [ownTool(tool, effects)]));
  const tools = config.memory?.tools ? [...own, ...MEMORY_TOOLS] : own;
  const names = new Set(tools.map(({ name }) => name));
  for (const tool of config.tools ?? []) {
    if (!('source' in tool)) continue;
    for (const one of foundTools(tool, found)) {
      const name = freeName(one.name, names);
      names.add(name);
      tools.push({ ...one, name });
    }
  }
  return tools;
}

/** A source cannot take the place of another's tool, nor make a provider refuse two of one name. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 2, free = name; ; n++) {
    if (!taken.has(free)) return free;
    free = `${name.slice(0, 60)}_${n}`;
  }
}

/** The workflow that a call of it starts; undefined: none. */
function calledBy(tool: ToolConfig): string | undefined {
  if ('source' in tool) return undefined;
  if ('workflow' in tool) return tool.workflow;
  return tool.type === 'workflow' ? String(tool.config?.workflow) : undefined;
}

/** Workflows whose effect decides whether they may be called: of those that say it themselves it is not asked. */
export function unknownEffects({ tools = [], safety }: Pick<AgentConfig, 'tools' | 'safety'>): string[] {
  const unknown = tools.filter((tool) => {
    const isStated = 'effect' in tool && tool.effect !== undefined;
    return !isStated && (tool.policy === undefined || safety?.irreversible !== undefined);
  });
  return [...new Set(unknown.flatMap((tool) => calledBy(tool) ?? []))].filter((name) => !name.includes('{{'));
}

/** What is not known, a person is asked about; not where nobody looked (`effects` undefined). */
function effectOf(tool: NodeTool | WorkflowTool, effects: WorkflowEffects | undefined): Effect | undefined {
  if ('effect' in tool && tool.effect !== undefined) return tool.effect;
  const workflow = calledBy(tool);
  if (workflow === undefined || effects === undefined) return undefined;
  return Object.hasOwn(effects, workflow) ? effects[workflow] : 'irreversible';
}

function ownTool(tool: NodeTool | WorkflowTool, effects: WorkflowEffects | undefined): Tool {
  const { name, description, parameters = ANYTHING, policy, trusted = false } = tool;
  const effect = effectOf(tool, effects);
  return {
    name,
    description,
    parameters: parameters as Json,
    body: name,
    trusted,
    handoff: 'handoff' in tool && tool.handoff === true,
    ...(policy !== undefined && { policy }),
    ...(effect !== undefined && { effect }),
  };
}

function foundTools({ source, include, policy, trusted = false }: SourceTool, found: readonly FoundTool[]): Tool[] {
  const wanted = found.filter(
    (one) => one.source === source && (include === undefined || include.some((pattern) => fitsGlob(pattern, one.name))),
  );
  return wanted.map(({ name, description, parameters, effect, id, hash }) => ({
    name,
    description,
    parameters,
    body: externalBody(source, effect),
    trusted,
    handoff: false,
    external: { of: id.slice(id.indexOf('/') + 1), hash },
    ...(policy !== undefined && { policy }),
  }));
}

function ownBodies(tool: NodeTool | WorkflowTool): Record<string, Body> {
  const node = nodeOf(tool);
  const edited = {
    id: 'arguments',
    type: 'transform',
    config: { value: '{{ $json.decision.data ?? $json.arguments }}' },
  };
  return {
    [tool.name]: alone(node),
    [askBody(tool.name)]: asking(tool, tool.parameters ?? ANYTHING, edited, node),
  };
}

interface ToolNode {
  readonly id: string;
  readonly type: string;
  readonly config?: object;
  readonly retry?: object;
  readonly timeout?: string;
}

function nodeOf(tool: NodeTool | WorkflowTool): ToolNode {
  const { name: id } = tool;
  if ('workflow' in tool) return { id, type: 'workflow', config: { workflow: tool.workflow, input: '{{ $json }}' } };
  const { type, config, retry, timeout } = tool;
  return { id, type, ...(config && { config }), ...(retry && { retry }), ...(timeout && { timeout }) };
}

/** One for each effect, since that of a tool is known only when it is found. */
function sourceBodies(tool: SourceTool): Record<string, Body> {
  const edited = {
    id: 'arguments',
    type: 'transform',
    config: { set: { arguments: '{{ $json.decision.data ?? $json.arguments }}' }, omit: ['decision'] },
  };
  return Object.fromEntries(
    EFFECTS.filter((effect) => effect !== 'reconcilable').flatMap((effect) => {
      // The source stands fast when the workflow is saved; only which of its tools is called comes with the call.
      const config = {
        tool: `${tool.source}/{{ $json.of }}`,
        arguments: '{{ $json.arguments }}',
        hash: '{{ $json.hash }}',
        effect,
      };
      const node = { id: 'call', type: 'tool', config };
      const body = externalBody(tool.source, effect);
      return [
        [body, alone(node)],
        [askBody(body), asking(tool, ANYTHING, edited, node)],
      ];
    }),
  );
}

/** A person sees the arguments, may edit them, and decides; then the tool runs with what they left. */
function asking(tool: ToolConfig, form: unknown, edited: object, node: { readonly id: string }): Body {
  const { approvers, approvalTimeout } = tool;
  const approve = {
    id: APPROVE,
    type: 'approval',
    config: {
      title: 'Let {{ $json.agent }} call {{ $json.tool }}?',
      description: '{{ $json.note }}',
      data: '{{ $json.arguments }}',
      form,
      ...(approvers !== undefined && { assignees: approvers }),
      ...(approvalTimeout !== undefined && { timeout: approvalTimeout }),
    },
  };
  const rejected = failing(
    'rejected',
    "{{ $json.decision.decision == 'expired' ? 'Nobody decided in time.' : 'A person decided against this call. ' + ($json.decision.comment ?? '') }}",
  );
  return {
    nodes: [approve, edited, node, rejected],
    edges: [
      'approve:approved -> arguments',
      `arguments -> ${node.id}`,
      'approve:rejected -> rejected',
      'approve:expired -> rejected',
    ],
  };
}

const alone = (node: object): Body => ({ nodes: [node], edges: [] });
const failing = (id: string, message: string) => ({ id, type: 'fail', config: { message, code: `tool_${id}` } });

/** Each field of the input under its own name. */
const fields = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `{{ $json.${name} }}`]));

const CONTEXT_FIELDS = ['session', 'window', 'system', 'prompt', 'input', 'sources', 'workflows'];
const MODEL_FIELDS = [
  ...['model', 'system', 'messages', 'tools', 'schema', 'temperature', 'maxOutputTokens'],
  ...['session', 'user', 'grants'],
];

/** A budget has not enough left; what is shown is what a person grants who only agrees. */
const MORE = {
  title: 'Give {{ $json.agent }} more of the budget {{ $json.budget }}?',
  description: '{{ $json.note }}',
  data: { amount: '{{ $json.amount }}' },
  form: {
    type: 'object',
    required: ['amount'],
    properties: { amount: { type: 'number', minimum: 0, maximum: 1_000_000, description: 'In units of the currency' } },
  },
};

const MEMORY_BODIES: Readonly<Record<string, Body>> = {
  remember: alone({ id: 'remember', type: 'transform', config: { value: { remembered: '{{ $json.key }}' } } }),
  recall: alone({
    id: 'recall',
    type: 'recall',
    config: { text: '{{ $json.text }}', session: '{{ $json.session }}', user: '{{ $json.user }}' },
  }),
};

const MEMORY_TOOLS: readonly Tool[] = [
  {
    name: 'remember',
    description: 'Keeps a fact for the rest of this conversation, under a key; null forgets it.',
    parameters: {
      type: 'object',
      required: ['key', 'value'],
      properties: { key: { type: 'string', minLength: 1, maxLength: 200, not: { const: SUMMED_UP_TO } }, value: {} },
      additionalProperties: false,
    },
    body: 'remember',
    trusted: true,
    handoff: false,
  },
  {
    name: 'recall',
    description: 'Searches what was said and remembered before, by words.',
    parameters: {
      type: 'object',
      required: ['text'],
      properties: { text: { type: 'string', minLength: 1, maxLength: 500 } },
      additionalProperties: false,
    },
    body: 'recall',
    trusted: false,
    handoff: false,
  },
];
