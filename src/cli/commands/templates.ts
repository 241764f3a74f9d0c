/** Documents to begin with; one of them as YAML, to be written into a file. */
import type { TemplateSummary } from '../../sdk/index.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';

export const addTemplates: AddCommand = (program, run) => {
  program
    .command('templates')
    .description('List workflows to begin with; with a name, print its document')
    .argument('[name]')
    .action(
      run(async (context, name: string | undefined) => {
        const { templates } = context.client();
        if (name !== undefined) {
          const found = await templates.get(name);
          if (context.json) context.give(found);
          else context.say(found.yaml.trimEnd());
          return EXIT.ok;
        }
        const found = await templates.list();
        const rows = found.map((one) => [
          { text: one.name, paint: context.style.bold },
          one.triggers.join(', '),
          needsOf(one),
          one.description ?? '',
        ]);
        if (context.json) context.give(found);
        else context.say(...table(['NAME', 'STARTED BY', 'NEEDS', 'DESCRIPTION'], rows, context.style, context.width));
        return EXIT.ok;
      }),
    );
};

function needsOf({ needs: { models, secrets, connections, workflows } }: TemplateSummary): string {
  const all = [
    ...models.map((name) => `model ${name}`),
    ...secrets.map((name) => `secret ${name}`),
    ...connections.map((name) => `connection ${name}`),
    ...workflows.map((name) => `workflow ${name}`),
  ];
  return all.join(', ');
}
