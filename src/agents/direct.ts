/**
 * The loop of an agent: what comes next, from what has come. Pure, and decided anew from the journal wherever the
 * execution goes on; so a model call that has ended is never made again.
 */
import { toldAccount } from '../core/budget/accounts.ts';
import type { Lack } from '../core/budget/balance.ts';
import { parseDuration } from '../core/duration.ts';
import { type ErrorInfo, type Fault, MyelinError } from '../core/errors.ts';
import { fencedJson } from '../core/fenced-json.ts';
import { isObject, type Json } from '../core/json.ts';
import { fitFaults } from '../core/json-schema/fit.ts';
import { formatNanos, NANOS } from '../core/money.ts';
import type { Direction, Known, Turn } from '../core/node-type.ts';
import { callsOf } from './calls.ts';
import { grantOf } from './conversation.ts';
import { fitted, smaller } from './fit.ts';
import { modelAfter } from './patience.ts';
import { unknownEffects } from './toolbox.ts';
import {
  type Agent,
  type Answer,
  agentOf,
  answerOf,
  isAnswer,
  isModelTurn,
  isToolTurn,
  type ModelItem,
  modelItem,
  nameOf,
  toolItem,
  usageOf,
} from './turns.ts';

const STEPS = 20;
const REPAIRS = 2;

export function direct(known: Known): Direction {
  const agent = agentOf(known);
  const last = known.turns.at(-1);
  if (last === undefined) return needsContext(agent) ? readContext(agent) : ask(known, agent, {});
  const forgiven = known.turns.length <= known.forgiven;
  if (isToolTurn(last)) return afterTools(known, agent, last);
  if (last.body === 'context')
    return last.error === undefined ? begin(known, agent) : again(last, forgiven, () => readContext(agent));
  if (last.body === 'more') return afterAsking(known, agent, last, forgiven);
  if (last.error !== undefined) return afterFailure(known, agent, last, last.error, forgiven);
  const { purpose, repair } = modelItem(last);
  return purpose === 'answer'
    ? afterAnswer(known, agent, last, forgiven)
    : ask(known, agent, { ...(repair && { repair }) });
}

function needsContext({ memo, config }: Agent): boolean {
  const isStored = [memo.system, memo.prompt].some(isObject);
  const hasSources = (config.tools ?? []).some((tool) => 'source' in tool);
  const isUnknown = unknownEffects(config).length > 0;
  return memo.session !== null || isStored || hasSources || isUnknown;
}

function readContext({ memo, config }: Agent): Direction {
  const sources = (config.tools ?? []).flatMap((tool) => ('source' in tool ? [tool.source] : []));
  const { session, system, prompt } = memo;
  const window = config.memory?.window;
  const workflows = unknownEffects(config);
  const item = {
    ...{ session, system, prompt, sources: [...new Set(sources)] },
    ...(workflows.length > 0 && { workflows }),
    ...(window !== undefined && { window }),
  };
  return { do: 'run', choices: [{ body: 'context', item }] };
}

/** A person lets it go on: what failed is tried again. */
function again({ error }: Turn, forgiven: boolean, retry: () => Direction): Direction {
  return forgiven || error === undefined ? retry() : { do: 'fail', error };
}

function begin(known: Known, agent: Agent): Direction {
  const overflow = agent.context?.session?.overflow ?? [];
  return agent.config.memory?.summarize && overflow.length > 0
    ? ask(known, agent, { purpose: 'summarize' })
    : ask(known, agent, {});
}

/** Asks the model, unless a limit forbids it. */
function ask(known: Known, agent: Agent, more: Partial<ModelItem>): Direction {
  const error = limitError(known, agent);
  if (error !== undefined) return { do: 'fail', error };
  const isTrimmed = agent.turns.some((turn) => isModelTurn(turn) && modelItem(turn).trim);
  const trim = isTrimmed ? ({ trim: true } as const) : {};
  const item: ModelItem = { purpose: 'answer', model: currentModel(known, agent), ...trim, ...more };
  return { do: 'run', choices: [{ body: 'model', item: fitted(known, item) }] };
}

/** The first of its models; once a budget made it go on with a cheaper one, that one, until a person lets it go on. */
function currentModel({ forgiven }: Known, { turns, memo, config }: Agent): string {
  const { onBudget } = config.limits ?? {};
  const fallback = typeof onBudget === 'object' ? onBudget.fallback : undefined;
  const isCheap = turns.slice(forgiven).some((turn) => isModelTurn(turn) && modelItem(turn).model === fallback);
  return isCheap && fallback !== undefined ? fallback : memo.models[0]!;
}

function limitError({ now }: Known, agent: Agent): ErrorInfo | undefined {
  const { steps = STEPS, tokens, time } = agent.config.limits ?? {};
  const used = usageOf(agent);
  const exceeded = (what: string) =>
    new MyelinError('limit_exceeded', `${what} without an end. ${habitOf(agent)}`.trim()).toInfo();
  if (used.calls >= steps) return exceeded(`The agent made ${used.calls} model calls (limits.steps)`);
  if (tokens !== undefined && used.tokens >= tokens)
    return exceeded(`The agent used ${used.tokens} tokens (limits.tokens)`);
  if (time !== undefined && now - agent.memo.startedAt >= parseDuration(time))
    return exceeded(`The agent took ${time} (limits.time)`);
  return undefined;
}

/** What it did most: the reason why it comes to no end, most of the time. */
function habitOf({ turns }: Agent): string {
  const counts = new Map<string, number>();
  for (const turn of turns.filter(isToolTurn)) {
    const { tool, arguments: given } = toolItem(turn);
    const call = `${tool} with ${JSON.stringify(given).slice(0, 200)}`;
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most === undefined || most[1] < 2 ? '' : `It called ${most[0]} ${most[1]} times.`;
}

function afterTools(known: Known, agent: Agent, last: Turn): Direction {
  const { of } = toolItem(last);
  const round = known.turns.filter((turn) => isToolTurn(turn) && toolItem(turn).of === of);
  const handed = round.find((turn) => turn.output !== undefined && handsOff(agent, turn));
  return handed === undefined ? ask(known, agent, {}) : { do: 'complete', output: handed.output };
}

function handsOff({ tools }: Agent, turn: Turn): boolean {
  return tools.find(({ name }) => name === toolItem(turn).tool)?.handoff === true;
}

function afterAnswer(known: Known, agent: Agent, last: Turn, forgiven: boolean): Direction {
  const answer = answerOf(last)!;
  const choices = callsOf(known, agent, known.turns.length - 1, answer);
  if (choices.length > 0) return { do: 'run', choices };
  if (answer.finish === 'filter') {
    const error = new MyelinError('model_refused', `${answer.model} withheld its answer: a filter of its provider.`);
    return again({ ...last, error: error.toInfo() }, forgiven, () => ask(known, agent, {}));
  }
  const { output } = agent.config;
  if (output === undefined) return { do: 'complete', output: { text: answer.text } };
  const { object, faults } = checked(output.schema, answer);
  if (faults.length === 0) return { do: 'complete', output: object };
  const words = faults.slice(0, 5).map(inWords).join('; ');
  const isLast = repairsOf(known) >= (output.repair ?? REPAIRS);
  if (isLast && !forgiven) return { do: 'fail', error: unfit(answer, words, faults) };
  const repair = `Your answer does not fit: ${words}. Answer again, with JSON that fits the schema and nothing else.`;
  return ask(known, agent, { model: modelItem(last).model, repair });
}

/** The answer itself stays out of the error, since it may hold what the prompt held. */
function unfit({ model, finish }: Answer, words: string, faults: readonly Fault[]): ErrorInfo {
  const cut = finish === 'length' ? ' It was cut at the most tokens that it may write.' : '';
  const message = `The answer of ${model} does not fit the output schema: ${words}.${cut}`;
  return new MyelinError('output_invalid', message, { faults }).toInfo();
}

function checked(schema: Json, { object, text }: Answer): { object: Json; faults: readonly Fault[] } {
  const found = object ?? fencedJson(text);
  if (found === undefined) return { object: null, faults: [{ path: '', message: 'it is no JSON' }] };
  return { object: found, faults: fitFaults(schema, found) };
}

/** Since it last called a tool, or a person let it go on. */
function repairsOf({ turns, forgiven }: Known): number {
  const since = Math.max(forgiven, turns.findLastIndex(isToolTurn) + 1);
  return turns.slice(since).filter((turn) => isAnswer(turn) && modelItem(turn).repair !== undefined).length;
}

function afterFailure(known: Known, agent: Agent, last: Turn, error: ErrorInfo, forgiven: boolean): Direction {
  const item = modelItem(last);
  const { purpose, before } = item;
  if (forgiven) return ask(known, agent, { purpose, ...(before !== undefined && { before }) });
  if (error.code === 'budget_exceeded') return afterShortage(known, agent, item, error);
  const shorter = error.code === 'context_too_long' ? smaller(known, item) : undefined;
  if (shorter !== undefined) return ask(known, agent, shorter);
  const next = modelAfter(agent, item);
  if (next !== undefined) return ask(known, agent, { ...item, model: next });
  // Without the summary it goes on all the same; what could not be summed up is tried again the next time.
  return item.purpose === 'summarize' ? ask(known, agent, {}) : { do: 'fail', error };
}

function afterShortage(known: Known, agent: Agent, item: ModelItem, error: ErrorInfo): Direction {
  const { onBudget = 'fail' } = agent.config.limits ?? {};
  if (typeof onBudget === 'object' && onBudget.fallback !== item.model) {
    return ask(known, agent, { ...item, model: onBudget.fallback });
  }
  if (onBudget !== 'pause_and_ask' || !isObject(error.data)) return { do: 'fail', error };
  const { account, limit, spent, reserved, wanted } = error.data as unknown as Lack & { readonly wanted: number };
  const excess = spent + reserved + wanted - limit;
  // What a call tree may spend is doubled. Of a budget that others share, enough for ten such calls is asked for.
  const isOfTree = /^(?:agent|execution):/.test(account);
  const more = Math.max(excess, isOfTree ? Math.max(limit, wanted) : Math.min(limit, excess + 9 * wanted));
  const whom = isOfTree ? 'It is raised for the whole call tree' : 'It is raised for this agent alone';
  const by = `The call would exceed it by ${formatNanos(excess)}.`;
  const note = `${error.message} ${by} ${whom} if you grant more, such as ${formatNanos(more)}.`;
  const name = nameOf(known);
  const asking = { account, budget: toldAccount(account, name), amount: more / NANOS, note, agent: name, error };
  return { do: 'run', choices: [{ body: 'more', item: asking }] };
}

function afterAsking(known: Known, agent: Agent, last: Turn, forgiven: boolean): Direction {
  if (forgiven) return ask(known, agent, {});
  // The call that had no room is the turn before.
  if (grantOf(last) !== undefined) return ask(known, agent, modelItem(known.turns.at(-2)!));
  const { error } = last.item as { error: ErrorInfo };
  return { do: 'fail', error: last.error ?? { ...error, message: `${error.message} A person decided against more.` } };
}

const inWords = ({ path, message }: Fault) => (path === '' ? message : `${path} ${message}`);
