/** Dead letters tried again: one, with another payload if need be, or all that fit. */
import { doToAll, sumWords } from '../bulk.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import { addLetterOptions, chosen, filterOf, type LetterOptions } from '../letter-filter.ts';
import { readInput } from '../read-input.ts';
import type { AddCommand } from '../run-command.ts';

interface Options extends LetterOptions {
  readonly payload?: string;
  readonly all?: boolean;
}

export const addRequeue: AddCommand = (program, run) => {
  const command = program.command('requeue').description('Try a dead letter again, or all that fit').argument('[id]');
  addLetterOptions(command)
    .option('--all', 'whatever is NEW or REVIEWED')
    .option('-p, --payload <payload>', 'start a new execution with it: JSON, a JSON or YAML file, or -')
    .action(
      run(async (context, id: string | undefined, options: Options) => {
        chosen(id, options);
        return id === undefined ? await many(context, options) : await one(context, id, options);
      }),
    );
};

async function one(context: Context, id: string, options: Options): Promise<number> {
  const payload = options.payload === undefined ? undefined : await readInput('--payload', options.payload, context.io);
  const letter = await context.client().deadLetters.requeue(id, payload);
  if (context.json) context.give(letter);
  else if (letter.workflowId === null) context.say(`${id} is delivered again`);
  else if (letter.retriedAs === null) context.say(`${id} goes on`);
  else context.say(`${id} starts anew as ${letter.retriedAs}`);
  return EXIT.ok;
}

async function many(context: Context, options: Options): Promise<number> {
  if (options.payload !== undefined) throw usage('A payload is for one letter: name its id.');
  const filter = filterOf(options);
  const client = context.client();
  const sum = await doToAll(context, 'requeued', (more) => client.deadLetters.requeueMany({ filter, ...more }));
  if (context.json) context.give(sum);
  else context.say(sumWords(sum, 'requeued'));
  return EXIT.ok;
}
