import { loadConfig } from '../../config/config.ts';
import { describeConfig } from '../../config/describe.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';

export const addConfig: AddCommand = (program, run) => {
  program
    .command('config')
    .description('Print every setting with its value and where that came from; secrets are masked')
    .action(
      run(async (context) => {
        const lines = describeConfig(loadConfig(context.io.env, context.io.cwd));
        const { style, width } = context;
        const rows = lines.map(({ name, value, source, description }) => [
          { text: name, paint: style.bold },
          value,
          { text: source, paint: source === 'default' ? style.dim : style.cyan },
          description,
        ]);
        if (context.json) context.give(lines);
        else context.say(...table(['SETTING', 'VALUE', 'SOURCE', 'DESCRIPTION'], rows, style, width));
        return EXIT.ok;
      }),
    );
};
