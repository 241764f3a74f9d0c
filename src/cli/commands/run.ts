/** Starts an execution by hand, and with `--wait` stays until it has ended. */
import { resolve } from 'node:path';
import { MyelinError } from '../../core/errors.ts';
import { parseJson } from '../../core/safe-json.ts';
import type { Context } from '../context.ts';
import { parseText, readText } from '../document.ts';
import { CommandError, EXIT, usage } from '../exit.ts';
import { exitOfStatus } from '../follow.ts';
import type { Io } from '../io.ts';
import type { AddCommand } from '../run-command.ts';
import { show } from '../screen.ts';
import { clean } from '../text.ts';

interface RunOptions {
  readonly input?: string;
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
}

export const addRun: AddCommand = (program, run) => {
  program
    .command('run')
    .description('Start an execution of a workflow')
    .argument('<workflow>', 'name or id')
    .option('-i, --input <input>', 'its input: JSON, a JSON or YAML file, or - for standard input')
    .option('-w, --wait', 'follow it to its end, print its output, and exit 1 where it failed')
    .option('--idempotency-key <key>', 'the same key within 24 h starts nothing again')
    .action(
      run(async (context, workflow: string, options: RunOptions) => {
        const input = options.input === undefined ? undefined : await readInput(options.input, context.io);
        const { idempotencyKey } = options;
        const key = idempotencyKey === undefined ? {} : { idempotencyKey };
        const id = await context.client().workflows.execute(workflow, input, key);
        if (options.wait) return await waitFor(context, id);
        if (context.json) context.give({ executionId: id });
        else context.say(id);
        context.remark(`Follow it with \`myelin watch ${id}\`.`);
        return EXIT.ok;
      }),
    );
};

/** The progress goes to stderr, so that stdout holds the output alone. */
async function waitFor(context: Context, id: string): Promise<number> {
  const silent = { write: () => undefined };
  const ended = await show(context, id, context.json ? silent : context.io.stderr);
  if (context.json) context.give(ended);
  else if (ended.status === 'completed') context.say(JSON.stringify(ended.output, null, 2));
  else if (ended.error !== null) context.remark(clean(`${ended.error.code}: ${ended.error.message}`));
  return exitOfStatus(ended.status);
}

/** Throws `CommandError` for what is neither JSON nor a file. */
async function readInput(text: string, io: Io): Promise<unknown> {
  if (text === '-') return parseText('standard input', await readAll(io.stdin)).document;
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof MyelinError)) throw error;
    const looksLikeJson = /^\s*[[{"]/.test(text);
    if (looksLikeJson || error.code !== 'invalid_json')
      throw new CommandError(error.code, `--input: ${error.message}`, EXIT.usage);
  }
  return parseText(text, readText(text, resolve(io.cwd, text))).document;
}

async function readAll(stdin: Io['stdin']): Promise<string> {
  if (stdin === undefined) throw usage('There is no standard input to read.');
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of stdin) text += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}
