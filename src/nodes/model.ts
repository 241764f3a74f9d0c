/** One call of a language model, paid and in the books. An agent is made of these. */
import { z } from 'zod';
import type { Answer } from '../agents/turns.ts';
import { isMessage, type Message, textOf } from '../core/conversation.ts';
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { costOf, type Usage } from '../core/money.ts';
import type { Charge, NodeResult, Paid, TaskContext, TaskNode } from '../core/node-type.ts';
import { hasMarks, MARKS, UNTRUSTED_NOTE } from '../core/untrusted.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { ModelAnswer, ModelCard, ModelRequest, Models } from '../ports/model.ts';
import type { Tokens } from '../ports/tokens.ts';
import { cardsOf, firstAnswer } from './model/tries.ts';

const name = z.string().min(1).max(500);
const schema = z.record(z.string(), z.json());
const message = z
  .custom<Message>(isMessage, 'takes { role: user | assistant | tool, content, … }')
  .meta({ description: 'A message: role and content, of a tool its callId too' });

export const modelConfig = z.strictObject({
  model: z.string().min(1).max(200).describe('provider:model, or a name of the operator'),
  system: z.string().max(1_000_000).optional(),
  messages: z
    .union([z.array(message).min(1).max(10_000), z.string().min(1).max(1_000_000)])
    .describe('A text, or a list of messages'),
  tools: z
    .union([
      z.array(z.strictObject({ name: z.string(), description: z.string(), parameters: z.json() })).max(500),
      z.string(),
    ])
    .optional()
    .describe('What it may ask to be called; it calls nothing itself'),
  schema: z.union([schema, z.string()]).optional().describe('JSON Schema of its answer'),
  temperature: z.union([z.number().min(0).max(2), z.string()]).optional(),
  maxOutputTokens: z.union([z.int().min(1).max(1_000_000), z.string()]).optional(),
  session: name.optional().describe('Budgets are kept by it'),
  user: name.optional(),
  grants: z.unknown().optional().describe('What people have allowed besides the budgets'),
});
export type ModelConfig = z.infer<typeof modelConfig>;

export interface ModelNodeNeeds {
  readonly models: Models;
  readonly ledger: Pick<LedgerStore, 'note' | 'noted'>;
  readonly tokens: Tokens;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function modelNode(needs: ModelNodeNeeds): TaskNode<ModelConfig> {
  const { models } = needs;
  return {
    type: 'model',
    version: 1,
    description: 'Asks a language model once; the output has its text, the tools it wants, what it used and cost.',
    example: { model: 'scripted:triage', system: 'Answer in one word.', messages: '{{ $trigger.body.text }}' },
    config: modelConfig,
    first: ['model', 'system', 'messages', 'schema'],
    ports: () => ['out'],
    // Providers that keep answers are asked for the one that a crash cut off; elsewhere it is asked again.
    effect: () => 'reconcilable',
    dependency: ({ model }) => `model:${model}`,
    charge: (config) => chargeOf(config, cardsOf(models, config.model)),
    paid: (output) => output as Paid,
    streams: true,
    run: (config, task) => ask(needs, config, task),
    reconcile: (config, task) => adopt(needs, config, task),
  };
}

const messagesOf = ({ messages }: ModelConfig): readonly Message[] =>
  typeof messages === 'string' ? [{ role: 'user', content: messages }] : messages;

/** Of common sizes with most models; some take more, and then the call costs more than its estimate. */
const TOKENS_PER_IMAGE = 2_000;
/** A file or a recording may be as long as the model can read. */
const LONGEST_PART = 200_000;
/** Around a message, or a call in one. */
const TOKENS_PER_MESSAGE = 16;
/** What providers tell a model of tools and schemas besides those themselves. */
const TOKENS_OF_FORMAT = 1_000;

/** Of several models all may have to be asked. */
function chargeOf(config: ModelConfig, cards: readonly ModelCard[]): Charge {
  const { session = null, user: userId = null, grants } = config;
  return {
    model: config.model,
    estimate: cards.reduce((sum, card) => sum + estimateOf(config, card), 0),
    currency: cards.find(({ price }) => price !== null)?.price?.currency ?? 'USD',
    session,
    userId,
    grants: (grants as Charge['grants'] | undefined) ?? [],
  };
}

function estimateOf(config: ModelConfig, card: ModelCard): number {
  return costOf({ inputTokens: mostTokens(config, card), outputTokens: mostOutput(config, card) }, card.price);
}

const mostOutput = (config: ModelConfig, card: ModelCard): number =>
  (config.maxOutputTokens as number | undefined) ?? card.maxOutputTokens;

/**
 * Tokenizers fall back to bytes, so a text never has more tokens than bytes. Most have a quarter; what is too much is
 * given back. What is longer than the window is refused by the provider, and costs nothing.
 */
function mostTokens(config: ModelConfig, { window }: ModelCard): number {
  const { system, tools, schema: wanted } = config;
  let bytes = Buffer.byteLength(system ?? '') + jsonBytes(tools) + jsonBytes(wanted);
  if (hasMarks(system ?? '', messagesOf(config))) bytes += UNTRUSTED_NOTE.length;
  const told = Array.isArray(tools) ? tools.length : 0;
  let tokens = (1 + told) * TOKENS_PER_MESSAGE + (told > 0 || wanted !== undefined ? TOKENS_OF_FORMAT : 0);
  for (const message of messagesOf(config)) {
    tokens += TOKENS_PER_MESSAGE;
    if (message.role !== 'assistant' && message.untrusted) bytes += MARKS;
    bytes += Buffer.byteLength(textOf(message.content));
    if (message.role === 'tool') bytes += Buffer.byteLength(message.name + message.callId);
    if (message.role === 'assistant') {
      bytes += jsonBytes(message.toolCalls);
      tokens += (message.toolCalls?.length ?? 0) * TOKENS_PER_MESSAGE;
    }
    if (typeof message.content === 'string') continue;
    for (const { type } of message.content) {
      if (type === 'image') tokens += TOKENS_PER_IMAGE;
      else if (type !== 'text') tokens += window ?? LONGEST_PART;
    }
  }
  return Math.min(tokens + bytes, window ?? Number.POSITIVE_INFINITY);
}

const jsonBytes = (value: unknown): number => (value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value)));

async function ask(needs: ModelNodeNeeds, config: ModelConfig, task: TaskContext): Promise<NodeResult> {
  const { models, ledger, tokens, now } = needs;
  const { executionId, projectId, path, attempt, isMasked, signal } = task;
  const writer = tokens.open({ executionId, projectId, path, attempt });
  let spoke = false;
  const onText = (piece: string) => {
    spoke = true;
    writer.write(piece);
  };
  const cards = cardsOf(models, config.model);
  const isOne = cards.length === 1;
  const tries = cards.map((card) => ({
    card,
    estimate: () => estimateOf(config, card),
    hasSpoken: () => spoke,
    ask: async () => {
      const began = now();
      try {
        const answer = await models.generate({
          ...requestOf(config, card, task),
          maxOutputTokens: mostOutput(config, card),
          ...(!isMasked && { onText }),
          ...(card.retrievable && {
            onResponse: (id: string) => ledger.note(executionId, path, isOne ? id : named(card, id)),
          }),
        });
        return outputOf(card, answer, now() - began);
      } catch (thrown) {
        throw paidFor(thrown, card);
      }
    },
  }));
  try {
    return { output: await firstAnswer(tries, signal) };
  } finally {
    writer.close();
  }
}

/** What an answer that failed has cost all the same stands in its error, for the books. */
function paidFor(thrown: unknown, { name: model, price }: ModelCard): unknown {
  if (!(thrown instanceof MyelinError) || !isObject(thrown.data) || !isObject(thrown.data.usage)) return thrown;
  const usage = thrown.data.usage as unknown as Usage;
  const paid: Paid = { model, usage, cost: costOf(usage, price) };
  return new MyelinError(thrown.code, thrown.message, { ...thrown.data, paid }, thrown);
}

function requestOf(config: ModelConfig, { name: model }: ModelCard, task: TaskContext): ModelRequest {
  const { system, tools, temperature } = config;
  const { projectId, idempotencyKey, signal } = task;
  return {
    ...{ projectId, model, messages: messagesOf(config), idempotencyKey, signal },
    ...(system !== undefined && { system }),
    ...(Array.isArray(tools) && { tools }),
    ...(typeof config.schema === 'object' && { schema: config.schema }),
    ...(typeof temperature === 'number' && { temperature }),
  };
}

function outputOf({ name: model, price }: ModelCard, answer: ModelAnswer, latencyMs: number): Answer {
  const cost = costOf(answer.usage, price);
  return { model, ...answer, cost, currency: price?.currency ?? 'USD', latencyMs };
}

/** Of an answer that one of several models gave. */
const named = ({ name: model }: ModelCard, responseId: string): string => `${model} ${responseId}`;

/**
 * The answer that the provider kept of an attempt that a crash cut off; where there is none, or nobody can say, another
 * attempt is made.
 */
async function adopt(needs: ModelNodeNeeds, config: ModelConfig, task: TaskContext): Promise<NodeResult> {
  const { models, ledger } = needs;
  const cards = cardsOf(models, config.model);
  const isRetrievable = cards.some(({ retrievable }) => retrievable);
  const noted = isRetrievable ? await ledger.noted(task.executionId, task.path) : undefined;
  for (const { card, responseId, before } of noted === undefined ? [] : heldBy(cards, noted)) {
    const answer = await models.retrieve(card.name, responseId, task.signal).catch(() => null);
    if (answer === null) continue;
    const output = outputOf(card, answer, 0);
    return { output: { ...output, cost: before.reduce((sum, one) => sum + estimateOf(config, one), output.cost) } };
  }
  throw new MyelinError('answer_lost');
}

interface Held {
  readonly card: ModelCard;
  readonly responseId: string;
  /** Those that were asked before it, in vain. What they did cost was lost with the process. */
  readonly before: readonly ModelCard[];
}

/** Who has the answer. Where an older version noted it, without a name, each is asked. */
function heldBy(cards: readonly ModelCard[], noted: string): readonly Held[] {
  const retrievable = cards.filter((card) => card.retrievable);
  const end = noted.lastIndexOf(' ');
  const at = cards.findIndex(({ name: model }) => end !== -1 && model === noted.slice(0, end));
  if (at === -1) return retrievable.map((card) => ({ card, responseId: noted, before: [] }));
  return [{ card: cards[at]!, responseId: noted.slice(end + 1), before: cards.slice(0, at) }];
}
