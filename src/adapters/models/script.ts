/**
 * The rules of a scripted model, as written in its YAML file, and how they answer a conversation. Pure: the file, the
 * delays and the count of errors are in `scripted.ts`.
 */
import { RE2JS } from 're2js';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { durationSchema, parseDuration } from '../../core/duration.ts';
import { MyelinError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { assertSafe } from '../../core/safe-json.ts';

const ERROR_CODES = ['rate_limited', 'model_failed', 'timeout', 'model_refused', 'context_too_long'] as const;
const count = z.number().int().min(0);

const answerSchema = z.strictObject({
  reply: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
  tools: z
    .array(z.strictObject({ name: z.string().min(1), arguments: z.json().default({}) }))
    .min(1)
    .optional(),
  delay: durationSchema.optional(),
  stream: z.strictObject({ every: durationSchema, pieces: z.number().int().min(1).optional() }).optional(),
  error: z.strictObject({ code: z.enum(ERROR_CODES), times: count.optional() }).optional(),
  usage: z.strictObject({ inputTokens: count, outputTokens: count, cachedTokens: count.optional() }).optional(),
});
const conditions = {
  match: z.string().min(1).optional(),
  system: z.string().min(1).optional(),
  turn: count.optional(),
  after: z.string().min(1).optional(),
};
const scriptSchema = z.strictObject({
  rules: z
    .array(
      answerSchema
        .extend(conditions)
        .refine(
          (rule) => Object.keys(conditions).some((key) => key in rule),
          'needs one of match, system, turn and after; what answers always is `default`',
        ),
    )
    .default([]),
  default: answerSchema.optional(),
});
type WrittenRule = z.infer<typeof scriptSchema>['rules'][number];

/** What of a conversation the rules look at. */
export interface Moment {
  /** What was said last, by a person or a tool. */
  readonly text: string;
  readonly system: string;
  /** How many answers the model has given before. */
  readonly turn: number;
  /** The tool that said it. */
  readonly after: string | undefined;
}

/** How one rule answers. */
export interface Answer {
  readonly reply: string | { readonly [key: string]: Json };
  readonly tools: readonly { readonly name: string; readonly arguments: Json }[];
  readonly delayMs: number;
  /** The text comes piece by piece: by words, or so many pieces. */
  readonly stream?: { readonly everyMs: number; readonly pieces: number | undefined };
  /** Comes instead of the reply, the first `times` times for one idempotency key; always without `times`. */
  readonly error?: { readonly code: (typeof ERROR_CODES)[number]; readonly times: number };
  readonly usage?: z.infer<typeof answerSchema>['usage'];
  /** Place in the script: `rules[0]` or `default`. */
  readonly place: string;
}

export interface Script {
  /** The answer of the first rule that matches, its `$1` filled in; undefined where none does. */
  answer(moment: Moment): Answer | undefined;
}

/** Reads the text of a rule file. Throws `invalid_yaml` or `config_invalid`, with `file` in the message. */
export function parseScript(text: string, file: string): Script {
  const parsed = scriptSchema.safeParse(readYaml(text, file));
  if (!parsed.success) throw invalid(file, z.prettifyError(parsed.error));
  const { rules, default: otherwise } = parsed.data;
  const matchers = rules.map((rule, index) => ({
    matches: ruleMatcher(rule),
    answer: toAnswer(rule, `rules[${index}]`, file),
  }));
  const last = otherwise === undefined ? undefined : toAnswer(otherwise, 'default', file);
  return {
    answer(moment) {
      for (const { matches, answer } of matchers) {
        const groups = matches(moment);
        if (groups !== undefined) return filled(answer, groups);
      }
      return last;
    },
  };
}

function filled(answer: Answer, groups: readonly string[]): Answer {
  const tools = answer.tools.map((tool) => ({ ...tool, arguments: fill(tool.arguments, groups) }));
  return { ...answer, reply: fill(answer.reply, groups) as Answer['reply'], tools };
}

/** The groups of `match`, where all that the rule says holds. */
function ruleMatcher({ match, system, turn, after }: WrittenRule): (moment: Moment) => readonly string[] | undefined {
  const [inText, inSystem] = [match, system].map((one) => (one === undefined ? undefined : matcher(one)));
  return (moment) => {
    if (turn !== undefined && turn !== moment.turn) return undefined;
    if (after !== undefined && after !== moment.after) return undefined;
    if (inSystem !== undefined && inSystem(moment.system) === undefined) return undefined;
    return inText === undefined ? [moment.text] : inText(moment.text);
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
  const { reply, tools = [], delay, stream, error, usage } = rule;
  const times = error?.times ?? Number.POSITIVE_INFINITY;
  const endless = error !== undefined && times === Number.POSITIVE_INFINITY;
  if (reply === undefined && tools.length === 0 && !endless) {
    throw invalid(file, `${place} has no reply and no tools; only a rule whose error never ends needs none`);
  }
  return {
    reply: reply ?? '',
    tools,
    delayMs: parseDuration(delay ?? '0s'),
    ...(stream && { stream: { everyMs: parseDuration(stream.every), pieces: stream.pieces } }),
    ...(error && { error: { code: error.code, times } }),
    ...(usage && { usage }),
    place,
  };
}

/** A pattern of RE2, found anywhere in the text; what is no pattern is looked for as it stands. */
function matcher(match: string): (text: string) => readonly string[] | undefined {
  const pattern = compile(match);
  if (pattern === undefined) return (text) => (text.includes(match) ? [match] : undefined);
  return (text) => {
    const found = pattern.matcher(text);
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
