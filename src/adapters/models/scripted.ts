/**
 * A model that answers by rules from a file, the same way each time: for demos, tests and for trying a workflow
 * without a key or a bill. `scripted:triage` reads `<folder>/triage.yaml`, again when it was changed.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MyelinError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { parseJson } from '../../core/safe-json.ts';
import type { ModelAnswer, ModelRequest } from '../../ports/model.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { ModelProvider } from './provider.ts';
import { type Answer, parseScript, type Script } from './script.ts';

/** Idempotency keys whose errors are counted; the oldest is forgotten first. */
const MOST_COUNTS = 10_000;
/** Only these characters, so that no name leads out of the folder. */
const NAME = /^[a-z0-9-]+$/;

export function scriptedModels(options: { readonly folder: string; readonly sleep: Runtime['sleep'] }): ModelProvider {
  const load = scriptLoader(options.folder);
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
    async generate(request) {
      const answer = (await load(request.model)).answer(request.prompt);
      if (answer === undefined) throw noRule(request.model);
      if (answer.delayMs > 0) await options.sleep(answer.delayMs, request.signal);
      request.signal.throwIfAborted();
      if (answer.error !== undefined && owesError(answer, request)) {
        const message = `scripted:${request.model} answers with this error, as ${answer.place} of its rules says.`;
        throw new MyelinError(answer.error.code, message);
      }
      return toModelAnswer(answer, request);
    },
  };
}

/** Reads rule files, each once for each time it was changed. */
function scriptLoader(folder: string): (model: string) => Promise<Script> {
  const cache = new Map<string, { readonly stamp: string; readonly script: Script }>();
  return async (model) => {
    if (!NAME.test(model)) {
      throw new MyelinError(
        'model_not_found',
        `There is no model scripted:${model}; the name of a scripted model is made of a-z, 0-9 and -.`,
      );
    }
    const file = join(folder, `${model}.yaml`);
    try {
      const { mtimeMs, size } = await stat(file);
      const stamp = `${mtimeMs} ${size}`;
      const cached = cache.get(model);
      if (cached?.stamp === stamp) return cached.script;
      const script = parseScript(await readFile(file, 'utf8'), file);
      cache.set(model, { stamp, script });
      return script;
    } catch (thrown) {
      if (thrown instanceof MyelinError) throw thrown;
      const message = `There is no model scripted:${model}; its rules are expected in ${file}.`;
      throw new MyelinError('model_not_found', message, undefined, thrown);
    }
  };
}

function toModelAnswer(answer: Answer, request: ModelRequest): ModelAnswer {
  const text = typeof answer.reply === 'string' ? answer.reply : JSON.stringify(answer.reply);
  const object = request.schema === undefined ? undefined : objectOf(answer.reply);
  const usage = answer.usage ?? {
    inputTokens: words(request.system ?? '') + words(request.prompt),
    outputTokens: words(text),
  };
  return object === undefined ? { text, usage } : { text, object, usage };
}

/** A reply written as text counts as an object where it is JSON, as with a real model; else there is none. */
function objectOf(reply: Answer['reply']): Json | undefined {
  if (typeof reply !== 'string') return reply;
  try {
    return parseJson(reply) as Json;
  } catch {
    return undefined;
  }
}

const words = (text: string) => text.match(/\S+/g)?.length ?? 0;

function noRule(model: string): MyelinError {
  return new MyelinError(
    'model_failed',
    `No rule of scripted:${model} matches the prompt, and its file has no \`default\`.`,
  );
}
