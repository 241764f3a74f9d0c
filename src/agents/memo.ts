/** What an agent's config came to when it began: recorded in its journal, so that every turn sees the same. */

import { z } from 'zod';
import { type Part, partSchema } from '../core/conversation.ts';
import { parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { toNanos } from '../core/money.ts';
import type { Iteration, StepInput } from '../core/node-type.ts';
import type { AgentConfig, StoredPrompt } from './config.ts';

export interface Memo {
  /** Asked in this order, where the one before fails. */
  readonly models: readonly string[];
  readonly system: string | StoredPrompt | null;
  readonly prompt: string | StoredPrompt;
  readonly attachments: readonly Part[];
  readonly session: string | null;
  readonly user: string | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Turns that one agent may take: model calls and tool calls together. */
const MOST_TURNS = 10_000;

const SHORTEST_IDLE_MS = 60_000;

/** `tries` of a model: those that stand behind its name. */
export function openAgent(
  config: AgentConfig,
  { now, env }: StepInput,
  tries: (model: string) => readonly string[],
): Iteration {
  const { limits, session, user, idle } = config;
  const agent = String((env.$workflow as { name?: unknown } | undefined)?.name ?? 'agent');
  const memo: Memo = {
    models: [config.model]
      .flat()
      .map(String)
      .flatMap((model) => (tries(model).length > 0 ? tries(model) : [model])),
    system: config.system ?? null,
    prompt: config.prompt,
    attachments: attachmentsOf(config.attachments),
    session: nameOf(session, 'session'),
    user: nameOf(user, 'user'),
    temperature: config.temperature ?? null,
    maxOutputTokens: config.maxOutputTokens ?? null,
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
