/** Starts an execution by hand, and with `--wait` stays until it has ended. */
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { exitOfStatus } from '../follow.ts';
import { readInput } from '../read-input.ts';
import type { AddCommand } from '../run-command.ts';
import { show } from '../screen.ts';
import { clean } from '../text.ts';

interface RunOptions {
  readonly input?: string;
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
  readonly idempotencyTtl?: string;
}

export const addRun: AddCommand = (program, run) => {
  program
    .command('run')
    .description('Start an execution of a workflow')
    .argument('<workflow>', 'name or id')
    .option('-i, --input <input>', 'its input: JSON, a JSON or YAML file, or - for standard input')
    .option('-w, --wait', 'follow it to its end, print its output, and exit 1 where it failed')
    .option('--idempotency-key <key>', 'the same key within 24 h starts nothing again')
    .option('--idempotency-ttl <duration>', 'how long the key is remembered instead, such as 7d')
    .action(
      run(async (context, workflow: string, options: RunOptions) => {
        const input = options.input === undefined ? undefined : await readInput('--input', options.input, context.io);
        const { idempotencyKey, idempotencyTtl } = options;
        const key = { ...(idempotencyKey && { idempotencyKey }), ...(idempotencyTtl && { idempotencyTtl }) };
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
export async function waitFor(context: Context, id: string): Promise<number> {
  const silent = { write: () => undefined };
  const ended = await show(context, id, context.json ? silent : context.io.stderr);
  if (context.json) context.give(ended);
  else if (ended.status === 'completed') context.say(JSON.stringify(ended.output, null, 2));
  else if (ended.error !== null) context.remark(clean(`${ended.error.code}: ${ended.error.message}`));
  return exitOfStatus(ended.status);
}
