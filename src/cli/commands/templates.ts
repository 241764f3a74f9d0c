/** Documents to begin with; one of them as YAML, to be written into a file. */
import type { TemplateSummary } from '../../sdk/index.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clip } from '../text.ts';

/** On a terminal, so that there is room for the description. */
const NEEDS_WIDTH = 36;

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
          [...new Set(one.triggers)].join(', '),
          context.width === undefined ? needsOf(one) : clip(needsOf(one), NEEDS_WIDTH),
          one.description ?? '',
        ]);
        if (context.json) context.give(found);
        else context.say(...table(['NAME', 'STARTED BY', 'NEEDS', 'DESCRIPTION'], rows, context.style, context.width));
        return EXIT.ok;
      }),
    );
};

function needsOf({ needs: { models, secrets, connections, workflows } }: TemplateSummary): string {
  const kinds = { model: models, secret: secrets, connection: connections, workflow: workflows };
  const all = Object.entries(kinds).filter(([, names]) => names.length > 0);
  return all.map(([kind, names]) => `${names.length === 1 ? kind : `${kind}s`} ${names.join(', ')}`).join('; ');
}
