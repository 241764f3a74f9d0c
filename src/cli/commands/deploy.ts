/** Saves workflows by name and lets their triggers start executions. A file that changes nothing makes no version. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/json.ts';
import { ApiError, type Client, type Definition, type Trigger, type Workflow } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { readWorkflow, type WorkflowFile } from '../document.ts';
import { CommandError, EXIT } from '../exit.ts';
import { locate } from '../fault-lines.ts';
import type { AddCommand } from '../run-command.ts';

interface DeployOptions {
  readonly draft?: boolean;
}

type Result = 'created' | 'updated' | 'unchanged';

interface Deployed {
  readonly workflow: Workflow;
  readonly result: Result;
  readonly triggers: readonly Trigger[];
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
          tell(context, one);
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
    return { ...saved, triggers: await client.workflows.triggers(saved.workflow.id) };
  } catch (error) {
    throw locate(error, file);
  }
}

async function save(client: Client, definition: Definition, activate: boolean): Promise<Omit<Deployed, 'triggers'>> {
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

function tell(context: Context, { workflow, result, triggers }: Deployed): void {
  if (context.json) return;
  const { style } = context;
  const status = workflow.status === 'active' ? style.green('active') : style.yellow(workflow.status);
  context.say(`${style.bold(workflow.name)} v${workflow.version} ${status} (${result})`);
  const { url } = context.credentials();
  for (const trigger of triggers) {
    if (trigger.url !== null) context.say(`  ${trigger.name}: ${url.replace(/\/+$/, '')}${trigger.url}`);
  }
}

function summary({ workflow, result, triggers }: Deployed) {
  const { id, name, version, status } = workflow;
  return { id, name, version, status, result, webhooks: triggers.flatMap((one) => one.url ?? []) };
}
