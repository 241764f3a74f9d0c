/** The tools from outside, for those who choose among them. */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { ExternalTool, Tools } from '../ports/tools.ts';
import { operation } from './operation.ts';

/** `closing` ends the wait for a source that does not answer. */
export function tools(app: FastifyInstance, known: Tools, closing: AbortSignal): void {
  operation(app, 'listTools', async ({ query: { source: name } }) => {
    const sources = known.sources();
    if (name === undefined) return { items: sources.map((source) => ({ ...source })) };
    const found = await known.list(name, closing);
    const source = sources.find((one) => one.name === name);
    if (source === undefined) throw new MyelinError('tool_not_found');
    return { items: [{ ...source, tools: found.map(view) }] };
  });
}

function view({ id, name, description, parameters, effect, hash }: ExternalTool) {
  return { id, name, description, parameters: isObject(parameters) ? { ...parameters } : {}, effect, hash };
}
