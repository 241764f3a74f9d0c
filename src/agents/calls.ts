/** Which calls of tools are made, for which a person is asked first, and which are refused. */
import type { ToolCall } from '../core/conversation.ts';
import { compileTemplate } from '../core/expression/index.ts';
import type { Json } from '../core/json.ts';
import { fitFaults } from '../core/json-schema/fit.ts';
import type { Choice, Known, Turn } from '../core/node-type.ts';
import { suggest } from '../core/suggest.ts';
import { POLICIES, type Policy } from './config.ts';
import { isTainted } from './taint.ts';
import { askBody, type Tool } from './toolbox.ts';
import { type Agent, type Answer, isToolTurn, nameOf, toolItem } from './turns.ts';

/** Of one answer; more are told that they were not made. */
const MOST_CALLS = 64;
/** The same call with the same result so often in a row is not made again. */
const REPEATS = 3;

/** One choice for each call of an answer. */
export function callsOf(known: Known, agent: Agent, of: number, { toolCalls }: Answer): Choice[] {
  return toolCalls.slice(0, MOST_CALLS).map((call) => {
    const item = { tool: call.name, callId: call.id, of, arguments: call.arguments, agent: nameOf(known) };
    const tool = agent.tools.find(({ name }) => name === call.name);
    if (tool === undefined) return refused(item, unknownTool(call.name, agent.tools));
    const fault = misfit(tool, call) ?? repeated(agent, call);
    if (fault !== undefined) return refused(item, fault);
    const { policy, note } = policyOf(known, agent, tool, call.arguments);
    if (policy === 'deny') return refused(item, note);
    return policy === 'ask' ? { body: askBody(tool.body), item: { ...item, note } } : { body: tool.body, item };
  });
}

const refused = (item: object, reason: string): Choice => ({ body: 'refused', item: { ...item, reason } });

function unknownTool(name: string, tools: readonly Tool[]): string {
  const names = tools.map((tool) => tool.name);
  const there = names.length === 0 ? 'there are no tools' : `there are ${names.join(', ')}`;
  return `There is no tool ${name}${suggest(name, names)}; ${there}.`;
}

function misfit({ parameters }: Tool, { arguments: given }: ToolCall): string | undefined {
  if (typeof given === 'string') return 'The arguments are not valid JSON. Send an object.';
  const faults = fitFaults(parameters, given);
  if (faults.length === 0) return undefined;
  const words = faults.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  return `The arguments do not fit: ${words.join('; ')}.`;
}

/** A call that was refused says nothing of what the tool would answer; any other one in between may have changed it. */
function repeated({ turns, config }: Agent, { name, arguments: given }: ToolCall): string | undefined {
  const most = config.limits?.repeats ?? REPEATS;
  const call = JSON.stringify(given);
  const last = turns.filter((turn) => isToolTurn(turn) && turn.body !== 'refused').slice(-most);
  const isSame = (turn: Turn) => toolItem(turn).tool === name && JSON.stringify(toolItem(turn).arguments) === call;
  if (last.length < most || !last.every(isSame)) return undefined;
  if (new Set(last.map((turn) => JSON.stringify(turn.output ?? turn.error))).size > 1) return undefined;
  return `${name} was called with these arguments ${most} times in a row, and its answer was the same each time. Do something else.`;
}

interface Verdict {
  readonly policy: Policy;
  /** Why, for whoever decides or is refused. */
  readonly note: string;
}

/** The stricter of what the tool says, and of what is said of irreversible effects beside untrusted content. */
function policyOf(known: Known, agent: Agent, tool: Tool, given: Json): Verdict {
  const isIrreversible = (tool.effect ?? known.effectOf(tool.body)) === 'irreversible';
  const own = declared(known, tool, given) ?? (isIrreversible ? 'ask' : 'allow');
  const tainted = isIrreversible && isTainted(agent);
  const rule = tainted ? (agent.config.safety?.irreversible ?? 'allow') : 'allow';
  const isRule = POLICIES.indexOf(rule) > POLICIES.indexOf(own);
  const taint = tainted ? ' What came from outside is in its context.' : '';
  const why = isRule
    ? 'It cannot be undone, and what came from outside is in the context'
    : `The policy of ${tool.name} is ${own}`;
  const policy = isRule ? rule : own;
  return {
    policy,
    note:
      policy === 'deny' ? `This call is not allowed: ${why}.` : `${nameOf(known)} wants to call ${tool.name}.${taint}`,
  };
}

/** An expression that comes to something else is a denial. */
function declared(known: Known, { policy }: Tool, given: Json): Policy | undefined {
  if (policy === undefined) return undefined;
  const value = policy.startsWith('{{') ? evaluated(known, policy, given) : policy;
  return POLICIES.find((one) => one === value) ?? 'deny';
}

function evaluated(known: Known, policy: string, given: Json): unknown {
  try {
    return compileTemplate(policy).resolve(known.env(given));
  } catch {
    return 'deny';
  }
}
