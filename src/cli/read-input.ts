/** JSON that an option holds: written out, in a file of JSON or YAML, or on standard input. */
import { resolve } from 'node:path';
import { MyelinError } from '../core/errors.ts';
import { parseJson } from '../core/safe-json.ts';
import { parseText, readText } from './document.ts';
import { CommandError, EXIT, usage } from './exit.ts';
import type { Io } from './io.ts';

/** `option` is named in the fault. Throws `CommandError` for what is neither JSON nor a file. */
export async function readInput(option: string, text: string, io: Io): Promise<unknown> {
  if (text === '-') return parseText('standard input', await readAll(io.stdin)).document;
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof MyelinError)) throw error;
    const looksLikeJson = /^\s*[[{"]/.test(text);
    if (looksLikeJson || error.code !== 'invalid_json')
      throw new CommandError(error.code, `${option}: ${error.message}`, EXIT.usage);
  }
  return parseText(text, readText(text, resolve(io.cwd, text))).document;
}

export async function readAll(stdin: Io['stdin']): Promise<string> {
  if (stdin === undefined) throw usage('There is no standard input to read.');
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of stdin) text += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}
