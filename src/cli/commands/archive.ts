/** Dead letters put away: one, or all that fit. */
import { doToAll, sumWords } from '../bulk.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { addLetterOptions, chosen, filterOf, type LetterOptions } from '../letter-filter.ts';
import type { AddCommand } from '../run-command.ts';

interface Options extends LetterOptions {
  readonly note?: string;
  readonly by?: string;
  readonly all?: boolean;
}

export const addArchive: AddCommand = (program, run) => {
  const command = program.command('archive').description('Put a dead letter away, or all that fit').argument('[id]');
  addLetterOptions(command)
    .option('--all', 'all of them')
    .option('--note <text>', 'kept with the letter')
    .option('--by <name>', 'who')
    .action(
      run(async (context, id: string | undefined, options: Options) => {
        chosen(id, options);
        const { note, by } = options;
        const noted = { ...(note !== undefined && { note }), ...(by !== undefined && { by }) };
        if (id === undefined) return await many(context, options, noted);
        const letter = await context.client().deadLetters.archive(id, noted);
        if (context.json) context.give(letter);
        else context.say(`${id} is archived`);
        return EXIT.ok;
      }),
    );
};

async function many(context: Context, options: Options, noted: object): Promise<number> {
  const filter = filterOf(options);
  const client = context.client();
  const sum = await doToAll(context, 'archived', (more) =>
    client.deadLetters.archiveMany({ filter, ...noted, ...more }),
  );
  if (context.json) context.give(sum);
  else context.say(sumWords(sum, 'archived'));
  return EXIT.ok;
}
