import type { StreamEvent } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { exitOfStatus } from '../follow.ts';
import type { AddCommand } from '../run-command.ts';
import { clean } from '../text.ts';

interface StreamFlags {
  readonly fromStart?: true;
}

export const addStream: AddCommand = (program, run) => {
  program
    .command('stream')
    .description('Print what models say in an execution, as they say it; exits as watch does')
    .argument('<id>', 'of the execution')
    .option('--from-start', 'also what was said by calls that have ended')
    .action(
      run(async (context, id: string, { fromStart }: StreamFlags) => {
        const { executions } = context.client();
        const { signal } = context.io;
        const show = context.json ? showLines(context) : showText(context);
        const options = { ...(fromStart && { from: 'start' as const }), ...(signal && { signal }) };
        for await (const event of executions.stream(id, options)) show(event);
        const { status } = await executions.get(id);
        return exitOfStatus(status);
      }),
    );
};

type Show = (event: StreamEvent) => void;

/** A document for each event, one a line. */
const showLines =
  ({ io }: Context): Show =>
  (event) =>
    void io.stdout.write(`${JSON.stringify(event)}\n`);

/** The texts, each change from one call to another under a line that names it. */
function showText({ io, style }: Context): Show {
  let path = '';
  let isAtLineStart = true;
  const write = (text: string) => {
    io.stdout.write(text);
    isAtLineStart = text.endsWith('\n');
  };
  const remark = (text: string) => write(`${isAtLineStart ? '' : '\n'}${style.dim(text)}\n`);
  return (event) => {
    if (event.type === 'end') {
      if (!isAtLineStart) write('\n');
      return;
    }
    if (event.type === 'token') {
      if (event.path !== path) remark(`${event.path}:`);
      path = event.path;
      return write(clean(event.text, true));
    }
    if (event.type === 'reset') remark(`${event.path} begins anew`);
    if (event.type === 'call' && event.state === 'failed') remark(`${event.path} failed`);
    if (event.type === 'reset') path = '';
  };
}
