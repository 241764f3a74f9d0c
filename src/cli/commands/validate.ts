/** Checks workflow files and lists all their faults: by this program's own rules, or by those of the server. */
import type { Definition } from '../../core/definition/schema.ts';
import { unanswered } from '../../core/definition/unanswered.ts';
import { definitionFaults } from '../../core/definition/validate.ts';
import type { Fault, Validation } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { readWorkflow, type WorkflowFile } from '../document.ts';
import { CommandError, EXIT, usage } from '../exit.ts';
import { faultLine } from '../fault-lines.ts';
import type { AddCommand } from '../run-command.ts';
import { clean } from '../text.ts';

interface ValidateOptions {
  readonly server?: boolean;
}

type Findings = Pick<Validation, 'errors' | 'warnings'>;

export const addValidate: AddCommand = (program, run) => {
  program
    .command('validate')
    .description('Check workflow files and list all faults, without a server')
    .argument('<file...>', 'YAML, JSON or TypeScript')
    .option('--server', 'let the server check them, by the node types it has')
    .action(
      run(async (context, names: string[], options: ValidateOptions) => {
        const results: { file: string; valid: boolean; errors: Fault[]; warnings: Fault[] }[] = [];
        for (const name of names) {
          const { file, errors, warnings } = await check(context, name, options.server === true);
          results.push({ file: name, valid: errors.length === 0, errors, warnings });
          tell(context, name, file, { errors, warnings });
        }
        if (context.json) context.give(results);
        return results.every((one) => one.valid) ? EXIT.ok : EXIT.failed;
      }),
    );
};

async function check(context: Context, name: string, byServer: boolean) {
  try {
    const file = await readWorkflow(name, context.io.cwd);
    return { file, ...(await findings(context, file, byServer)) };
  } catch (error) {
    // A file that is not well-formed is a fault of that file; the others are checked all the same.
    if (!(error instanceof CommandError) || error.exit !== EXIT.failed) throw error;
    return { file: undefined, errors: [{ path: 'document', message: error.message }], warnings: [] };
  }
}

/** Only a server knows what it does not have. */
async function findings({ io, client }: Context, { document }: WorkflowFile, byServer: boolean): Promise<Findings> {
  if (!byServer && io.catalog !== undefined) {
    const errors = definitionFaults(document, await io.catalog());
    return { errors, warnings: errors.length > 0 ? [] : unanswered(document as Definition) };
  }
  if (!byServer) throw usage('This program has no node types of its own; use --server.');
  return await client().workflows.validate(document);
}

function tell(context: Context, name: string, file: WorkflowFile | undefined, { errors, warnings }: Findings): void {
  if (context.json) return;
  const { style } = context;
  const text = (fault: Fault) => clean(file === undefined ? fault.message : faultLine(file, fault));
  if (errors.length === 0) context.say(`${style.green('ok')}  ${name}`);
  for (const fault of errors) context.say(`${style.red('fault')}  ${text(fault)}`);
  for (const warning of warnings) context.say(`${style.yellow('warning')}  ${text(warning)}`);
}
