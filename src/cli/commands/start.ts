import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';

export const addStart: AddCommand = (program, run) => {
  program
    .command('start')
    .description('Start the server, with a PostgreSQL of its own unless DATABASE_URL is set')
    .action(
      run(async ({ io }) => {
        await io.start();
        return EXIT.ok;
      }),
    );
};
