/**
 * The rules of a scripted model, as written in its YAML file, and how they answer a prompt. Pure: the file, the delay
 * and the count of errors are in `scripted.ts`.
 */
import { RE2JS } from 're2js';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { durationSchema, parseDuration } from '../../core/duration.ts';
import { MyelinError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { assertSafe } from '../../core/safe-json.ts';

const ERROR_CODES = ['rate_limited', 'model_failed', 'timeout'] as const;
const count = z.number().int().min(0);

const answerSchema = z.strictObject({
  reply: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
  delay: durationSchema.optional(),
  error: z.strictObject({ code: z.enum(ERROR_CODES), times: count.optional() }).optional(),
  usage: z.strictObject({ inputTokens: count, outputTokens: count }).optional(),
});
const scriptSchema = z.strictObject({
  rules: z.array(answerSchema.extend({ match: z.string().min(1) })).default([]),
  default: answerSchema.optional(),
});

/** How one rule answers. */
export interface Answer {
  readonly reply: string | { readonly [key: string]: Json };
  readonly delayMs: number;
  /** Comes instead of the reply, the first `times` times for one idempotency key; always without `times`. */
  readonly error?: { readonly code: (typeof ERROR_CODES)[number]; readonly times: number };
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  /** Place in the script: `rules[0]` or `default`. */
  readonly place: string;
}

export interface Script {
  /** The answer of the first rule that matches, its `$1` filled in; undefined where none does. */
  answer(prompt: string): Answer | undefined;
}

/** Reads the text of a rule file. Throws `invalid_yaml` or `config_invalid`, with `file` in the message. */
export function parseScript(text: string, file: string): Script {
  const parsed = scriptSchema.safeParse(readYaml(text, file));
  if (!parsed.success) throw invalid(file, z.prettifyError(parsed.error));
  const { rules, default: otherwise } = parsed.data;
  const matchers = rules.map((rule, index) => ({
    matches: matcher(rule.match),
    answer: toAnswer(rule, `rules[${index}]`, file),
  }));
  const last = otherwise === undefined ? undefined : toAnswer(otherwise, 'default', file);
  return {
    answer(prompt) {
      for (const { matches, answer } of matchers) {
        const groups = matches(prompt);
        if (groups !== undefined) return { ...answer, reply: fill(answer.reply, groups) as Answer['reply'] };
      }
      return last;
    },
  };
}

function readYaml(text: string, file: string): unknown {
  try {
    const document: unknown = parse(text);
    assertSafe(document);
    return document;
  } catch (thrown) {
    if (!(thrown instanceof YAMLParseError)) throw thrown;
    throw new MyelinError('invalid_yaml', `${file} is not valid YAML: ${thrown.message}`);
  }
}

function toAnswer(rule: z.infer<typeof answerSchema>, place: string, file: string): Answer {
  const { reply, delay, error, usage } = rule;
  const times = error?.times ?? Number.POSITIVE_INFINITY;
  if (reply === undefined && !(error !== undefined && times === Number.POSITIVE_INFINITY)) {
    throw invalid(file, `${place} has no reply; only a rule whose error never ends needs none`);
  }
  return {
    reply: reply ?? '',
    delayMs: parseDuration(delay ?? '0s'),
    ...(error && { error: { code: error.code, times } }),
    ...(usage && { usage }),
    place,
  };
}

/** A pattern of RE2, found anywhere in the prompt; what is no pattern is looked for as it stands. */
function matcher(match: string): (prompt: string) => readonly string[] | undefined {
  const pattern = compile(match);
  if (pattern === undefined) return (prompt) => (prompt.includes(match) ? [match] : undefined);
  return (prompt) => {
    const found = pattern.matcher(prompt);
    if (!found.find()) return undefined;
    return Array.from({ length: found.groupCount() + 1 }, (_, group) => found.group(group) ?? '');
  };
}

function compile(match: string): RE2JS | undefined {
  try {
    return RE2JS.compile(match);
  } catch {
    return undefined;
  }
}

/**
 * In every text of the reply: `$1` to `$9` are the groups of the match, `$0` all of it, `${1:other}` the group or,
 * where it is empty, the other text; `$$` is a dollar sign.
 */
function fill(reply: Json, groups: readonly string[]): Json {
  if (typeof reply === 'string') {
    return reply.replace(/\$(?:\$|(\d)|\{(\d):([^}]*)\})/g, (_, plain?: string, braced?: string, other = '') => {
      const group = plain ?? braced;
      return group === undefined ? '$' : groups[Number(group)] || other;
    });
  }
  if (Array.isArray(reply)) return reply.map((item) => fill(item, groups));
  if (typeof reply !== 'object' || reply === null) return reply;
  return Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, fill(value, groups)]));
}

function invalid(file: string, why: string): MyelinError {
  return new MyelinError('config_invalid', `The rules in ${file} are not valid: ${why}`);
}
