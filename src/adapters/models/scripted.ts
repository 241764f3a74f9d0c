/**
 * A model that answers by rules from a file, the same way each time: for demos, tests and for trying a workflow
 * without a key or a bill. `scripted:triage` reads `triage.yaml` of the first folder that has it, again when it was
 * changed.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Message, namedText, textOf } from '../../core/conversation.ts';
import { MyelinError } from '../../core/errors.ts';
import { fencedJson } from '../../core/fenced-json.ts';
import type { ModelAnswer, ModelRequest } from '../../ports/model.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { ModelProvider } from './provider.ts';
import { type Answer, type Moment, parseScript, type Script } from './script.ts';

/** Idempotency keys whose errors are counted; the oldest is forgotten first. */
const MOST_COUNTS = 10_000;
const LOOK_AGAIN_MS = 1_000;
/** Only these characters, so that no name leads out of the folder. */
const NAME = /^[a-z0-9-]+$/;

export interface ScriptedOptions {
  readonly folders: readonly string[];
  readonly sleep: Runtime['sleep'];
  /** Milliseconds since the epoch. */
  readonly now: Runtime['now'];
}

export function scriptedModels(options: ScriptedOptions): ModelProvider {
  const load = scriptLoader(options);
  const counts = new Map<string, number>();

  /** True while the rule still owes this idempotency key an error. */
  function owesError(answer: Answer, request: ModelRequest): boolean {
    if (answer.error === undefined) return false;
    const key = JSON.stringify([request.model, answer.place, request.idempotencyKey]);
    const before = counts.get(key) ?? 0;
    if (before >= answer.error.times) return false;
    counts.set(key, before + 1);
    if (counts.size > MOST_COUNTS) for (const oldest of counts.keys()) return counts.delete(oldest);
    return true;
  }

  return {
    async generate(model, request) {
      const { signal } = request;
      const moment = momentOf(request);
      const answer = (await load(model)).answer(moment);
      if (answer === undefined) throw noRule(model);
      if (answer.delayMs > 0) await options.sleep(answer.delayMs, signal);
      signal.throwIfAborted();
      if (answer.error !== undefined && owesError(answer, request)) {
        const message = `scripted:${model} answers with this error, as ${answer.place} of its rules says.`;
        throw new MyelinError(answer.error.code, message);
      }
      const whole = toModelAnswer(answer, request, moment);
      for (const piece of piecesOf(whole.text, answer.stream)) {
        if (answer.stream !== undefined) await options.sleep(answer.stream.everyMs, signal);
        signal.throwIfAborted();
        request.onText?.(piece);
      }
      return whole;
    },
  };
}

function momentOf({ messages, system = '' }: ModelRequest): Moment {
  const turn = messages.filter((message) => message.role === 'assistant').length;
  const last = messages.findLast((message) => message.role !== 'assistant');
  if (last?.role !== 'tool') return { text: namedText(last?.content ?? ''), system, turn, after: undefined };
  return { text: last.content, system, turn, after: last.name };
}

/** The text as it comes: whole, or by words with the space before them, so many to a piece that there are `pieces`. */
function piecesOf(text: string, stream: Answer['stream']): string[] {
  const all = stream === undefined ? [text] : (text.match(/\s*\S+(?:\s+$)?/g) ?? []);
  if (text === '' || all.length === 0) return [];
  const each = Math.ceil(all.length / Math.min(stream?.pieces ?? all.length, all.length));
  const pieces = Math.ceil(all.length / each);
  return Array.from({ length: pieces }, (_, at) => all.slice(at * each, (at + 1) * each).join(''));
}

interface Loaded {
  readonly file: string;
  readonly stamp: string;
  readonly script: Script;
  /** Milliseconds since the epoch. */
  readonly lookedAt: number;
}

/** Reads rule files; whether one was changed, or another comes before it, is looked at no more often than each second. */
function scriptLoader({ folders, now }: ScriptedOptions): (model: string) => Promise<Script> {
  const cache = new Map<string, Loaded>();
  const look = async (file: string, before: Loaded | undefined): Promise<Loaded | undefined> => {
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) return undefined;
    const stamp = `${found.mtimeMs} ${found.size}`;
    const isSame = before?.file === file && before.stamp === stamp;
    const script = isSame ? before.script : parseScript(await readFile(file, 'utf8'), file);
    return { file, stamp, script, lookedAt: now() };
  };
  return async (model) => {
    const known = cache.get(model);
    if (known !== undefined && now() - known.lookedAt < LOOK_AGAIN_MS) return known.script;
    if (!NAME.test(model)) {
      const message = `There is no model scripted:${model}; the name of a scripted model is made of a-z, 0-9 and -.`;
      throw new MyelinError('model_not_found', message);
    }
    for (const folder of folders) {
      const loaded = await look(join(folder, `${model}.yaml`), known);
      if (loaded === undefined) continue;
      cache.set(model, loaded);
      return loaded.script;
    }
    const expected = join(folders[0] ?? '', `${model}.yaml`);
    const message = `There is no model scripted:${model}; its rules are expected in ${expected}.`;
    throw new MyelinError('model_not_found', message);
  };
}

function toModelAnswer(answer: Answer, request: ModelRequest, { turn }: Moment): ModelAnswer {
  const text = typeof answer.reply === 'string' ? answer.reply : JSON.stringify(answer.reply);
  const toolCalls = answer.tools.map(({ name, arguments: given }, index) => ({
    id: `call_${turn}_${index}`,
    name,
    // As of a real model, text that is JSON is what it says.
    arguments: typeof given === 'string' ? (fencedJson(given) ?? given) : given,
  }));
  const { reply } = answer;
  // A reply written as text counts as an object where it is JSON, as with a real model; else there is none.
  const wantsObject = request.schema !== undefined && toolCalls.length === 0;
  const object = wantsObject ? (typeof reply === 'string' ? fencedJson(reply) : reply) : undefined;
  const usage = answer.usage ?? {
    inputTokens: words(request.system ?? '') + sum(request.messages.map(said).map(words)),
    outputTokens: words(text) + sum(toolCalls.map((call) => words(`${call.name} ${JSON.stringify(call.arguments)}`))),
  };
  const finish = toolCalls.length > 0 ? 'tools' : 'stop';
  return { text, ...(object !== undefined && { object }), toolCalls, finish, usage };
}

const said = ({ content }: Message): string => textOf(content);
const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
const words = (text: string) => text.match(/\S+/g)?.length ?? 0;

function noRule(model: string): MyelinError {
  return new MyelinError(
    'model_failed',
    `No rule of scripted:${model} matches what was said, and its file has no \`default\`.`,
  );
}
