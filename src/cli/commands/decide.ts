/** `approve` and `delegate`: what a person does about an approval. */
import { userInfo } from 'node:os';
import { MyelinError } from '../../core/errors.ts';
import { parseJson } from '../../core/safe-json.ts';
import type { Context } from '../context.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { clean } from '../text.ts';

interface Options {
  readonly by?: string;
  readonly as?: string;
}

interface ApproveOptions extends Options {
  readonly reject?: boolean;
  readonly comment?: string;
  readonly data?: string;
}

export const addApprove: AddCommand = (program, run) => {
  program
    .command('approve')
    .description('Approve what a person is asked, or reject it')
    .argument('<id>', 'of the approval')
    .option('--reject', 'reject it instead')
    .option('-c, --comment <text>', 'kept with the decision')
    .option('-d, --data <json>', 'what its form asks for, or what is changed')
    .option('--by <name>', 'who decides; default the user of this machine')
    .option('--as <name>', 'of those who are asked, the one in whose name; owner may always decide')
    .action(
      run(async (context, id: string, { reject, comment, data, ...who }: ApproveOptions) => {
        const decision = reject === true ? 'rejected' : 'approved';
        const given = data === undefined ? {} : { data: readData(data) };
        const body = { decision, ...whoOf(context, who), ...(comment !== undefined && { comment }), ...given } as const;
        const answer = await context.client().approvals.decide(id, body);
        if (context.json) context.give(answer);
        else context.say(`${clean(answer.title)}: ${decision}`);
        return EXIT.ok;
      }),
    );
};

export const addDelegate: AddCommand = (program, run) => {
  program
    .command('delegate')
    .description('Pass an approval on to others')
    .argument('<id>', 'of the approval')
    .requiredOption('--to <names...>', 'who is asked from now on')
    .option('--by <name>', 'who passes it on; default the user of this machine')
    .option('--as <name>', 'of those who are asked, the one in whose name; owner may always do it')
    .action(
      run(async (context, id: string, { to, ...who }: Options & { readonly to: string[] }) => {
        const answer = await context.client().approvals.delegate(id, { to, ...whoOf(context, who) });
        if (context.json) context.give(answer);
        else context.say(`${clean(answer.title)}: asked of ${clean(to.join(', '))}`);
        return EXIT.ok;
      }),
    );
};

function whoOf({ io }: Context, { by, as }: Options): { by: string; as?: string } {
  return { by: by ?? io.env.USER ?? userInfo().username, ...(as !== undefined && { as }) };
}

function readData(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof MyelinError)) throw error;
    throw new CommandError(error.code, `--data: ${error.message}`, EXIT.usage);
  }
}
