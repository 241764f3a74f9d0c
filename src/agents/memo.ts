/** What an agent's config came to when it began: recorded in its journal, so that every turn sees the same. */

import { z } from 'zod';
import { type Message, messageSchema, type Part, partSchema } from '../core/conversation.ts';
import { parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { toNanos } from '../core/money.ts';
import type { Iteration, StepInput } from '../core/node-type.ts';
import type { ModelCard, Models } from '../ports/model.ts';
import type { AgentConfig, StoredPrompt } from './config.ts';

export interface Memo {
  /** Asked in this order, where the one before fails. */
  readonly models: readonly string[];
  readonly system: string | StoredPrompt | null;
  /** Null: there is none but what was said before. */
  readonly prompt: string | StoredPrompt | null;
  /** Said before, in the place of what the session has heard; null: there is nothing of that kind. */
  readonly messages?: readonly Message[] | null;
  readonly attachments: readonly Part[];
  readonly session: string | null;
  readonly user: string | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  /** Tokens that a model can read and write together, and those that it may write; of models of which that is known. */
  readonly windows?: Readonly<Record<string, { readonly window: number; readonly output: number }>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Of a conversation that is handed over. */
export const MOST_MESSAGES = 1_000;

/** Turns that one agent may take: model calls and tool calls together. */
const MOST_TURNS = 10_000;

const SHORTEST_IDLE_MS = 60_000;

export function openAgent(config: AgentConfig, { now, env }: StepInput, card: Models['card']): Iteration {
  const { limits, session, user, idle } = config;
  const agent = String((env.$workflow as { name?: unknown } | undefined)?.name ?? 'agent');
  const models = [config.model]
    .flat()
    .map(String)
    .flatMap((model) => (card(model).tries.length > 0 ? card(model).tries : [model]));
  const cheaper = typeof limits?.onBudget === 'object' ? [limits.onBudget.fallback] : [];
  const memo: Memo = {
    // Each once: who comes after one must be clear.
    models: [...new Set(models)],
    system: config.system ?? null,
    prompt: config.prompt ?? null,
    messages: messagesOf(config),
    attachments: attachmentsOf(config.attachments),
    session: nameOf(session, 'session'),
    user: nameOf(user, 'user'),
    temperature: config.temperature ?? null,
    maxOutputTokens: config.maxOutputTokens ?? null,
    windows: windowsOf([...models, ...cheaper].flatMap((name) => known(card, name))),
    startedAt: now,
  };
  return {
    memo,
    limit: MOST_TURNS,
    max: MOST_TURNS,
    onItemError: 'collect',
    ...(limits?.cost !== undefined && { costLimit: toNanos(limits.cost) }),
    ...(memo.session !== null && {
      session: {
        start: { key: memo.session, agent, userId: memo.user, ...(idle !== undefined && { idleMs: idleOf(idle) }) },
      },
    }),
  };
}

const windowsOf = (cards: readonly ModelCard[]): NonNullable<Memo['windows']> =>
  Object.fromEntries(
    cards.flatMap(({ name, window, maxOutputTokens: output }) => (window === null ? [] : [[name, { window, output }]])),
  );

/** None where nobody knows the model: one that is never needed fails nothing. */
function known(card: Models['card'], name: string): ModelCard[] {
  try {
    return [card(name)];
  } catch (error) {
    if (error instanceof MyelinError && error.code === 'model_not_found') return [];
    throw error;
  }
}

/** At least a minute: it is looked after once in that time. */
function idleOf(idle: string): number {
  const ms = parseDuration(idle);
  if (ms >= SHORTEST_IDLE_MS) return ms;
  throw new MyelinError('config_invalid', 'idle: takes a minute or more, such as 30m or 7d');
}

/** An expression that came to nothing means none. */
function nameOf(value: unknown, field: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (text !== '' && text.length <= 500) return text;
  throw new MyelinError('config_invalid', `${field}: takes a text of at most 500 characters`);
}

function messagesOf({ messages: value, prompt }: AgentConfig): readonly Message[] | null {
  const parsed = z
    .array(messageSchema)
    .max(MOST_MESSAGES)
    .safeParse(value ?? []);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MyelinError('config_invalid', `messages.${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (parsed.data.length > 0) return parsed.data;
  if (prompt === undefined) {
    throw new MyelinError('config_invalid', 'messages: are empty, and there is no `prompt`; one of them must be there');
  }
  return null;
}

function attachmentsOf(value: unknown): readonly Part[] {
  if (value === undefined || value === null) return [];
  const parsed = z
    .array(partSchema)
    .max(100)
    .safeParse(isObject(value) ? [value] : value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MyelinError('config_invalid', `attachments.${issue?.path.join('.')}: ${issue?.message}`);
}
