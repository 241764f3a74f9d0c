/** `open`: makes a link that signs a browser in, and prints it. */
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';

export const addOpen: AddCommand = (program, run) => {
  program
    .command('open')
    .description('Print a link that signs a browser in, once, within 10 minutes')
    .action(
      run(async (context) => {
        const link = await context.client().signIn.link();
        if (context.json) context.give(link);
        else context.say(link.url);
        context.remark('Whoever opens it first is signed in, for 30 days; it serves once, within 10 minutes.');
        return EXIT.ok;
      }),
    );
};
