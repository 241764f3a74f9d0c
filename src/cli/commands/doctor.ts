/** Looks at everything a start and a command need, and says how to mend what is wrong. */
import { checkAll, type Finding } from '../checks.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { clean, type Style } from '../text.ts';

export const addDoctor: AddCommand = (program, run) => {
  program
    .command('doctor')
    .description('Check Node, settings, database, server, credentials, disk and clock; exits 1 where something fails')
    .action(
      run(async (context) => {
        const findings = await checkAll(context.io);
        if (context.json) context.give(findings);
        else context.say(...findings.flatMap((one) => findingLines(one, context.style)));
        return findings.some((one) => one.level === 'fail') ? EXIT.failed : EXIT.ok;
      }),
    );
};

/** One line, and a second one with the mend. */
export function findingLines({ level, what, found, mend }: Finding, style: Style): string[] {
  const paint = { ok: style.green, warn: style.yellow, fail: style.red }[level];
  const line = `${paint(level.padEnd(4))}  ${style.bold(what.padEnd(11))}  ${clean(found)}`;
  return mend === undefined ? [line] : [line, `${' '.repeat(19)}${clean(mend)}`];
}
