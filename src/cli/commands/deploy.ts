/** Saves workflows by name and lets their triggers start executions. A file that changes nothing makes no version. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/json.ts';
import { ApiError, type Client, type Definition, type Fault, type Trigger, type Workflow } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { readWorkflow, type WorkflowFile } from '../document.ts';
import { CommandError, EXIT } from '../exit.ts';
import { faultLine, locate } from '../fault-lines.ts';
import type { AddCommand } from '../run-command.ts';
import { clean } from '../text.ts';

interface DeployOptions {
  readonly draft?: boolean;
}

type Result = 'created' | 'updated' | 'unchanged';

interface Deployed {
  readonly workflow: Workflow;
  readonly result: Result;
  readonly triggers: readonly Trigger[];
  /** What it names and the server does not have, such as a connection or the key of a model. */
  readonly warnings: readonly Fault[];
}

export const addDeploy: AddCommand = (program, run) => {
  program
    .command('deploy')
    .description('Save workflows (YAML, JSON or TypeScript) by name and activate them')
    .argument('<file...>', 'one workflow each')
    .option('--draft', 'do not activate: a new workflow is a draft, another keeps its status')
    .action(
      run(async (context, names: string[], options: DeployOptions) => {
        // All are read before the first is saved, so that a slip of the pen changes nothing.
        const files: WorkflowFile[] = [];
        for (const name of names) files.push(await readWorkflow(name, context.io.cwd));
        const client = context.client();
        const deployed: Deployed[] = [];
        for (const file of files) {
          const one = await deploy(client, file, options.draft !== true);
          deployed.push(one);
          tell(context, file, one);
        }
        if (context.json) context.give(deployed.map(summary));
        return EXIT.ok;
      }),
    );
};

async function deploy(client: Client, file: WorkflowFile, activate: boolean): Promise<Deployed> {
  const { name, document } = file;
  if (!isObject(document) || typeof document.name !== 'string') {
    throw new CommandError('invalid_definition', `${name} is no workflow: it has no name.`);
  }
  // The server checks it, and names all faults.
  const definition = document as unknown as Definition;
  try {
    const saved = await save(client, definition, activate);
    const triggers = await client.workflows.triggers(saved.workflow.id);
    return { ...saved, triggers, warnings: (await client.workflows.validate(definition)).warnings };
  } catch (error) {
    throw locate(error, file);
  }
}

async function save(
  client: Client,
  definition: Definition,
  activate: boolean,
): Promise<Pick<Deployed, 'workflow' | 'result'>> {
  const present = await find(client, definition.name);
  const options = activate ? { activate } : {};
  if (present === undefined) return { workflow: await client.workflows.create(definition, options), result: 'created' };
  if (!isDeepStrictEqual(present.definition, definition)) {
    return { workflow: await client.workflows.update(present.id, definition, options), result: 'updated' };
  }
  const isThere = !activate || present.status === 'active';
  return { workflow: isThere ? present : await client.workflows.activate(present.id), result: 'unchanged' };
}

async function find(client: Client, name: string): Promise<Workflow | undefined> {
  try {
    return await client.workflows.get(name);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'workflow_not_found') return undefined;
    throw error;
  }
}

function tell(context: Context, file: WorkflowFile, { workflow, result, triggers, warnings }: Deployed): void {
  if (context.json) return;
  const { style } = context;
  const status = workflow.status === 'active' ? style.green('active') : style.yellow(workflow.status);
  context.say(`${style.bold(workflow.name)} v${workflow.version} ${status} (${result})`);
  const { url } = context.credentials();
  for (const trigger of triggers) {
    if (trigger.url !== null) context.say(`  ${trigger.name}: ${url.replace(/\/+$/, '')}${trigger.url}`);
  }
  for (const warning of warnings) context.say(`  ${style.yellow('warning')}  ${clean(faultLine(file, warning))}`);
}

function summary({ workflow, result, triggers, warnings }: Deployed) {
  const { id, name, version, status } = workflow;
  return { id, name, version, status, result, webhooks: triggers.flatMap((one) => one.url ?? []), warnings };
}
