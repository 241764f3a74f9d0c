/** Checks workflow files and lists all their faults: by this program's own rules, or by those of the server. */
import { definitionFaults } from '../../core/definition/validate.ts';
import type { Fault } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { readWorkflow, type WorkflowFile } from '../document.ts';
import { CommandError, EXIT, usage } from '../exit.ts';
import { faultLine } from '../fault-lines.ts';
import type { AddCommand } from '../run-command.ts';
import { clean } from '../text.ts';

interface ValidateOptions {
  readonly server?: boolean;
}

export const addValidate: AddCommand = (program, run) => {
  program
    .command('validate')
    .description('Check workflow files and list all faults, without a server')
    .argument('<file...>', 'YAML, JSON or TypeScript')
    .option('--server', 'let the server check them, by the node types it has')
    .action(
      run(async (context, names: string[], options: ValidateOptions) => {
        const results: { file: string; valid: boolean; errors: Fault[] }[] = [];
        for (const name of names) {
          const { file, faults } = await check(context, name, options.server === true);
          results.push({ file: name, valid: faults.length === 0, errors: faults });
          tell(context, name, file, faults);
        }
        if (context.json) context.give(results);
        return results.every((one) => one.valid) ? EXIT.ok : EXIT.failed;
      }),
    );
};

async function check(context: Context, name: string, byServer: boolean) {
  try {
    const file = await readWorkflow(name, context.io.cwd);
    return { file, faults: await faultsOf(context, file, byServer) };
  } catch (error) {
    // A file that is not well-formed is a fault of that file; the others are checked all the same.
    if (!(error instanceof CommandError) || error.exit !== EXIT.failed) throw error;
    return { file: undefined, faults: [{ path: 'document', message: error.message }] };
  }
}

async function faultsOf({ io, client }: Context, { document }: WorkflowFile, byServer: boolean): Promise<Fault[]> {
  if (!byServer && io.catalog !== undefined) return definitionFaults(document, io.catalog());
  if (!byServer) throw usage('This program has no node types of its own; use --server.');
  return (await client().workflows.validate(document)).errors;
}

function tell(context: Context, name: string, file: WorkflowFile | undefined, faults: readonly Fault[]): void {
  if (context.json) return;
  if (faults.length === 0) context.say(`${context.style.green('ok')}  ${name}`);
  for (const fault of faults) {
    context.say(`${context.style.red('fault')}  ${clean(file === undefined ? fault.message : faultLine(file, fault))}`);
  }
}
