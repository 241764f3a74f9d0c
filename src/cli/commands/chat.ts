/** `chat`: a person talks to a workflow, line by line; each line starts an execution of it. */
import { randomBytes } from 'node:crypto';
import { createChat } from '../chat.ts';
import { EXIT } from '../exit.ts';
import { typedLines } from '../lines.ts';
import type { AddCommand } from '../run-command.ts';
import { clean } from '../text.ts';

interface ChatOptions {
  readonly session?: string;
  readonly user?: string;
}

export const addChat: AddCommand = (program, run) => {
  program
    .command('chat')
    .description('Talk to a workflow: each line starts it with { message, session, user }; Ctrl-D ends')
    .argument('<workflow>', 'name or id')
    .option('-s, --session <key>', 'the conversation to go on with; default a new one')
    .option('-u, --user <name>', 'who talks; default the user of this machine')
    .action(
      run(async (context, workflow: string, options: ChatOptions) => {
        const session = options.session ?? `chat-${randomBytes(4).toString('hex')}`;
        const user = options.user ?? context.io.env.USER ?? 'user';
        context.remark(`Session ${clean(session)}. Go on with it later by --session ${clean(session)}.`);
        let exit: number = EXIT.ok;
        const chat = createChat(context, workflow, { session, user });
        for await (const { text, signal } of typedLines(context)) exit = await chat(text, signal);
        return exit;
      }),
    );
};
