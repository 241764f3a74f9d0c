/** `tools`: the MCP servers and OpenAPI files of the server; of one, its tools with effect and hash. */
import type { ToolSource } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';

export const addTools: AddCommand = (program, run) => {
  program
    .command('tools')
    .description('List where tools come from; with a source such as mcp:github, ask it for its tools')
    .argument('[source]')
    .action(
      run(async (context, source: string | undefined) => {
        const found = await context.client().tools.list(source === undefined ? {} : { source });
        if (context.json) context.give(found);
        else if (found.length === 0) context.remark('None is set up; docs/tools.md says how.');
        else context.say(...(source === undefined ? sourceLines(found, context) : toolLines(found, context)));
        return EXIT.ok;
      }),
    );
};

function sourceLines(found: readonly ToolSource[], { style, width }: Context): string[] {
  const rows = found.map(({ name, description }) => [{ text: name, paint: style.bold }, description]);
  return table(['SOURCE', 'DESCRIPTION'], rows, style, width);
}

function toolLines(found: readonly ToolSource[], { style, width }: Context): string[] {
  const rows = found.flatMap(({ tools = [] }) =>
    tools.map(({ id, effect, hash, description }) => [
      { text: id, paint: style.bold },
      { text: effect, paint: effect === 'irreversible' ? style.yellow : style.green },
      hash,
      description.split('\n')[0] ?? '',
    ]),
  );
  return table(['TOOL', 'EFFECT', 'HASH', 'DESCRIPTION'], rows, style, width);
}
