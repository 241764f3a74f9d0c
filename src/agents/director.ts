/** An agent as the engine sees it: a container that chooses its turns. */
import { isObject } from '../core/json.ts';
import type { Choice, Director, Known } from '../core/node-type.ts';
import { askedOf } from './conversation.ts';
import { direct } from './direct.ts';
import { conversationOf } from './messages.ts';
import { giveUp } from './patience.ts';
import { recordTurns } from './record.ts';
import { APPROVE } from './toolbox.ts';
import { agentOf, type ModelItem, type ToolItem } from './turns.ts';

export const agentDirector: Director = { direct, feed, giveUp, hears: APPROVE, grants: 'model', record: recordTurns };

function feed(known: Known, { body, item }: Choice): unknown {
  if (body === 'model') return askedOf(known, item as ModelItem);
  if (body === 'context') return { ...(item as object), input: known.input };
  if (!isObject(item) || !('callId' in item) || body === 'refused' || body.startsWith('ask:'))
    return withId(known, item);
  const call = item as unknown as ToolItem;
  const agent = agentOf(known);
  const tool = agent.tools.find(({ name }) => name === call.tool);
  if (tool?.external !== undefined) return { ...tool.external, arguments: call.arguments };
  const given = isObject(call.arguments) ? call.arguments : {};
  if (body === 'recall') return { ...given, session: agent.memo.session, user: agent.memo.user };
  return tool?.handoff ? { ...given, conversation: conversationOf(agent, call.of) } : call.arguments;
}

/** A person who decides on a tool from outside decides on this definition of it. */
function withId(known: Known, item: unknown): unknown {
  if (!isObject(item) || !('callId' in item)) return item;
  const external = agentOf(known).tools.find(({ name }) => name === item.tool)?.external;
  return external === undefined ? item : { ...item, ...external };
}
