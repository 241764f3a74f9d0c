/** `projections rebuild`: makes a read model anew, with a bar that says how far it is. */
import { Argument } from 'commander';
import { PROJECTION_NAMES, type RebuildLine } from '../../contract/sessions.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { inPlace } from '../screen.ts';
import { counted } from '../text.ts';

const BAR = 30;

export const addProjections: AddCommand = (program, run) => {
  program
    .command('projections')
    .description('Make what is read of sessions anew from their events, while it goes on being read')
    .addArgument(new Argument('<action>', 'what to do').choices(['rebuild']))
    .addArgument(new Argument('<name>', 'which one').choices(PROJECTION_NAMES))
    .action(
      run(async (context, _: string, name: (typeof PROJECTION_NAMES)[number]) => {
        const { signal } = context.io;
        let last: RebuildLine | undefined;
        for await (const line of context.client().projections.rebuild(name, signal === undefined ? {} : { signal })) {
          draw(context, line, last !== undefined);
          last = line;
        }
        if (context.json) context.give({ name, sessions: last?.of ?? 0 });
        else context.say(`${name} was made anew of ${counted(last?.of ?? 0, 'session')}`);
        return EXIT.ok;
      }),
    );
};

/** Only on a terminal; a log would be filled with it. */
function draw({ io, json }: Context, { done, of }: RebuildLine, again: boolean): void {
  if (!io.isTTY || json) return;
  const share = of === 0 ? 1 : done / of;
  const full = Math.round(share * BAR);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
  io.stderr.write(
    inPlace([`${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${of}`], again ? 1 : 0),
  );
}
