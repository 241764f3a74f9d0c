/** How the double answers an agent that nobody scripted: it calls tools for some turns, then says that it is done. */
import { isObject, type Json } from '../../core/json.ts';
import type { Received, Told } from './server.ts';

/** The model `turns-3` calls its first tool in its first three answers. `everyMs`: before each event of a stream. */
export function loopOf(everyMs?: number): (ask: Received) => Told {
  const slow = everyMs === undefined ? {} : { everyMs };
  return ({ model, turn, tools }) => {
    const turns = Number(/turns-(\d+)/.exec(model)?.[1] ?? 0);
    const tool = tools[0];
    if (tool === undefined || turn >= turns) return { ...slow, text: `Done after ${turn} turns.` };
    return { ...slow, tools: [{ name: tool.name, arguments: fitting(tool.parameters, turn) }] };
  };
}

/** What the schema wants at least: the turn, as a number or in words. */
function fitting(schema: unknown, turn: number): Json {
  if (!isObject(schema) || !Array.isArray(schema.required) || !isObject(schema.properties)) return {};
  const { properties } = schema;
  return Object.fromEntries(
    schema.required.map((name: unknown): [string, Json] => {
      const property = properties[String(name)];
      const type = isObject(property) ? property.type : undefined;
      return [String(name), type === 'number' || type === 'integer' ? turn : `turn ${turn}`];
    }),
  );
}
