/** `versions` of a workflow, and `rollback` to one of them. */
import { InvalidArgumentError } from 'commander';
import type { VersionSummary } from '../../sdk/index.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { moment } from '../text.ts';

export const addVersions: AddCommand = (program, run) => {
  program
    .command('versions')
    .description('List the versions of a workflow, newest first; with a number, print its document, which deploy takes')
    .argument('<workflow>', 'name or id')
    .argument('[version]', 'such as 3', toVersion)
    .action(
      run(async (context, workflow: string, version: number | undefined) => {
        const { workflows } = context.client();
        if (version !== undefined) {
          context.give((await workflows.version(workflow, version)).definition);
          return EXIT.ok;
        }
        const found: VersionSummary[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await workflows.versions(workflow, { limit: 200, ...(cursor && { cursor }) });
          found.push(...page.items);
          cursor = page.nextCursor;
        }
        const rows = found.map((one) => [
          `v${one.version}`,
          moment(one.createdAt),
          one.savedBy ?? '',
          one.present ? 'present' : '',
        ]);
        if (context.json) context.give(found);
        else context.say(...table(['VERSION', 'SAVED (UTC)', 'BY', ''], rows, context.style, context.width));
        return EXIT.ok;
      }),
    );
};

export const addRollback: AddCommand = (program, run) => {
  program
    .command('rollback')
    .description('Save the document of an old version of a workflow as a new one')
    .argument('<workflow>', 'name or id')
    .argument('<version>', 'see `myelin versions`', toVersion)
    .action(
      run(async (context, workflow: string, version: number) => {
        const saved = await context.client().workflows.rollback(workflow, version);
        if (context.json) context.give(saved);
        else context.say(`${saved.name} v${saved.version} ${saved.status} (as v${version})`);
        return EXIT.ok;
      }),
    );
};

function toVersion(text: string): number {
  const digits = /^v?(\d{1,9})$/.exec(text)?.[1];
  if (digits === undefined) throw new InvalidArgumentError('It is a number, such as 3.');
  return Number(digits);
}
