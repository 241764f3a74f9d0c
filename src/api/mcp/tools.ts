/** Which workflows are tools: those that are active and say `expose: { mcp: … }`. */
import type { Tool } from '@modelcontextprotocol/server';
import type { Definition } from '../../core/definition/schema.ts';
import { parseDuration } from '../../core/duration.ts';
import { isObject } from '../../core/json.ts';
import type { Workflow, WorkflowStore } from '../../ports/workflows.ts';

/** A client that asks a model offers it no longer names. */
const LONGEST_NAME = 64;
const WAIT_MS = 30_000;
const PAGE = 100;
/** Tools that are listed; more help no model. */
const MOST = 1_000;

/** A tool of the server itself, by which a client that knows no tasks finds what became of an execution. */
export const LOOK_TOOL = 'myelin_execution';

/** The name of the tool that a workflow is while it is active; null: it is none. */
export function toolName({ name, expose }: Definition): string | null {
  if (expose?.mcp === undefined) return null;
  const own = expose.mcp === true ? undefined : expose.mcp.name;
  return own ?? name.slice(0, LONGEST_NAME);
}

/** How long a call is kept waiting, in milliseconds. */
export function waitMsOf({ definition: { expose } }: Workflow): number {
  const wait = isObject(expose?.mcp) ? expose.mcp.wait : undefined;
  return wait === undefined ? WAIT_MS : parseDuration(wait);
}

/** Of two that claim a name it is the workflow's that is called so, else the first's by name. */
export async function findTool(store: WorkflowStore, projectId: string, tool: string): Promise<Workflow | undefined> {
  const named = await store.get(projectId, tool);
  if (named?.status === 'active' && named.name === tool && toolName(named.definition) === tool) return named;
  for await (const workflow of exposed(store, projectId)) {
    if (toolName(workflow.definition) === tool) return workflow;
  }
  return undefined;
}

/** By name of their workflows. */
export async function listTools(store: WorkflowStore, projectId: string): Promise<Tool[]> {
  const tools = new Map<string, Tool>();
  for await (const { name, definition } of exposed(store, projectId)) {
    const tool = toolName(definition);
    if (tool === null || (tools.has(tool) && tool !== name)) continue;
    tools.set(tool, toTool(tool, definition));
    if (tools.size === MOST) break;
  }
  return tools.size === 0 ? [] : [...tools.values(), LOOK];
}

async function* exposed(store: WorkflowStore, projectId: string): AsyncGenerator<Workflow> {
  for (let after = ''; ; ) {
    const page = await store.list(projectId, { after, limit: PAGE, status: 'active', key: 'expose' });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.name ?? after;
  }
}

function toTool(name: string, { description, expose, triggers }: Definition): Tool {
  const own = isObject(expose?.mcp) ? expose.mcp.description : undefined;
  const told = own ?? description;
  const input = triggers?.find(({ type }) => type === 'manual')?.input;
  return {
    name,
    ...(told !== undefined && { description: told }),
    inputSchema: { ...(isObject(input) && input), type: 'object' },
  };
}

const LOOK: Tool = {
  name: LOOK_TOOL,
  description:
    'What became of an execution that a tool has started and that went on when the tool answered: waits a while for ' +
    'its end and answers its output, or what it is still waiting for.',
  inputSchema: {
    type: 'object',
    properties: { executionId: { type: 'string', description: 'As the tool named it' } },
    required: ['executionId'],
  },
  annotations: { readOnlyHint: true },
};
