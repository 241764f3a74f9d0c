/** `stats`: all workflows at a glance, or one over time. */
import { Option } from 'commander';
import { STEPS, type StatsQuery } from '../../contract/stats.ts';
import type { Stats, WorkflowStats } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { sparkline } from '../sparkline.ts';
import { table } from '../table.ts';
import { moment, span } from '../text.ts';

export const addStats: AddCommand = (program, run) => {
  program
    .command('stats')
    .argument('[workflow]', 'id or name; `*` for all together')
    .description('Show the last 24 hours of each workflow; with one, how it went over time')
    .option('--from <time>', 'default 24 hours ago')
    .option('--to <time>', 'default now')
    .addOption(new Option('--step <step>', 'default 1h').choices(Object.keys(STEPS)))
    .action(
      run(async (context, workflow: string | undefined, { json: _, ...span }: StatsQuery & { json?: boolean }) => {
        const client = context.client();
        if (workflow === undefined && Object.keys(span).length === 0) {
          const found = await client.workflows.stats();
          if (context.json) context.give(found);
          else if (found.length === 0) context.remark('There are no workflows.');
          else context.say(...atAGlance(found, context));
          return EXIT.ok;
        }
        const name = workflow === '*' ? undefined : workflow;
        const found = await client.stats({ ...span, workflow: name });
        if (context.json) context.give(found);
        else context.say(...overTime(found, context));
        return EXIT.ok;
      }),
    );
};

const took = (ms: number | null): string => (ms === null ? '' : span(ms));

/** However they did. */
const ended = ({ completed, failed, compensated, canceled }: WorkflowStats['spark'][number]): number =>
  completed + failed + compensated + canceled;

function atAGlance(found: readonly WorkflowStats[], { style, width }: Context): string[] {
  const rows = found.map(({ workflowName, started, failed, compensated, p50, last, spark }) => [
    { text: workflowName, paint: style.bold },
    sparkline(spark.map(ended)),
    String(started),
    { text: String(failed), ...(failed > 0 && { paint: style.red }) },
    String(compensated),
    took(p50),
    last === null ? '' : `${last.status} ${moment(last.at)}`,
  ]);
  return table(
    ['WORKFLOW', 'ENDED IN 24 HOURS', 'STARTED', 'FAILED', 'COMPENSATED', 'P50', 'LAST (UTC)'],
    rows,
    style,
    width,
  );
}

const OVER_TIME = ['FROM (UTC)', 'STARTED', 'COMPLETED', 'FAILED', 'COMPENSATED', 'CANCELED', 'P50', 'P95'];

function overTime({ series, totals, queue }: Stats, { style, width }: Context): string[] {
  const rows = [...series.map(({ at, ...figures }) => ({ at: moment(at), ...figures })), { at: 'all', ...totals }].map(
    ({ at, started, completed, failed, compensated, canceled, p50, p95 }) => [
      at,
      String(started),
      String(completed),
      { text: String(failed), ...(failed > 0 && { paint: style.red }) },
      String(compensated),
      String(canceled),
      took(p50),
      took(p95),
    ],
  );
  return [
    `${sparkline(series.map(ended))}  ended`,
    `${queue.queued} queued, ${queue.held} held, ${queue.running} running, ${queue.waiting} waiting now`,
    '',
    ...table(OVER_TIME, rows, style, width),
  ];
}
