/** `replay`: starts a workflow once more with messages of the log. `replays`: how far those are. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DryReplay, Replay } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { inPlace } from '../screen.ts';
import { table } from '../table.ts';
import { clean, counted, moment, type Style } from '../text.ts';

interface Options {
  readonly type?: string;
  readonly topic?: string;
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly into: string;
  readonly trigger?: string;
  readonly dryRun?: boolean;
  readonly suppressEffects?: boolean;
}

const BAR = 30;
/** Between looks at how far it is. */
const LOOK_MS = 300;

export const addReplay: AddCommand = (program, run) => {
  program
    .command('replay')
    .description('Start a workflow once more with messages of the log, in their order')
    .option('--type <pattern>', 'such as order.created, or order.*')
    .option('--topic <topic>', 'only of this topic')
    .option('--key <key>', 'only of this key')
    .option('--from <time>', 'written at this time or later, such as 2026-07-01T12:00:00Z')
    .option('--to <time>', 'written before this time')
    .requiredOption('--into <workflow>', 'name or id of the workflow, which must be active')
    .option('--trigger <id>', 'its event trigger, whose type and filter count; default the first')
    .option('--dry-run', 'only say what would be replayed')
    .option('--suppress-effects', 'nodes that act on the world say what they would have done, and do nothing')
    .action(
      run(async (context, options: Options) => {
        const { into: workflow, trigger, dryRun, suppressEffects } = options;
        const { type, topic, key, from, to } = options;
        const filter = { type, topic, key, from, to };
        const wanted = { filter, workflow, trigger, effects: suppressEffects ? 'suppress' : 'run' } as const;
        const { replays } = context.client();
        if (dryRun) {
          say(context, await replays.dryRun(wanted));
          return EXIT.ok;
        }
        return await follow(context, await replays.start(wanted));
      }),
    );
};

function say(context: Context, dry: DryReplay): void {
  if (context.json) return context.give(dry);
  const { style, width } = context;
  const { first, workflowName, version, trigger } = dry;
  const by = trigger === null ? '' : ` by its trigger ${clean(trigger)}`;
  context.say(`${foundText(dry)} would start ${clean(workflowName)} v${version}${by}${refusedText(dry)}`);
  if (first.length === 0) return;
  const rows = first.map(({ position, type, key, at, starts }) => [
    String(position),
    { text: clean(type), paint: style.bold },
    clean(key ?? ''),
    moment(at),
    starts ? 'yes' : 'no',
  ]);
  context.say(...table(['POSITION', 'TYPE', 'KEY', 'WRITTEN (UTC)', 'STARTS'], rows, style, width));
}

function foundText({ total, more, examined, taken }: DryReplay): string {
  const found = `${more ? 'at least ' : ''}${counted(total, 'message')} found`;
  return examined < total || more ? `${found}; of the first ${examined}, ${taken}` : `${found}, of which ${taken}`;
}

const refusedText = ({ refused }: DryReplay): string => (refused > 0 ? `; ${refused} could start nothing` : '');

/** Until it has ended, on whatever machine; a Ctrl-C leaves it running. */
async function follow(context: Context, begun: Replay): Promise<number> {
  const { replays } = context.client();
  const { signal } = context.io;
  const options = signal === undefined ? {} : { signal };
  if (!context.json) context.remark(`Replay ${begun.id}`);
  let replay = begun;
  draw(context, replay, false);
  while (replay.status === 'running') {
    await sleep(LOOK_MS, undefined, options);
    replay = await replays.get(begun.id, options);
    draw(context, replay, true);
  }
  if (context.json) context.give(replay);
  else context.say(...ending(replay));
  return replay.status === 'completed' ? EXIT.ok : EXIT.failed;
}

function ending({ status, started, skipped, refused, workflowName, error }: Replay): string[] {
  const rest = [
    ...(skipped > 0 ? [`${counted(skipped, 'message')} did not fit its trigger`] : []),
    ...(refused > 0 ? [`${counted(refused, 'message')} could start nothing`] : []),
  ];
  const what = `${counted(started, 'execution')} of ${clean(workflowName)} ${started === 1 ? 'was' : 'were'} started`;
  const end = status === 'completed' ? what : `The replay ${status === 'failed' ? 'failed' : 'was canceled'}; ${what}`;
  return [[end, ...rest].join('; '), ...(error === null ? [] : [`${error.code}: ${clean(error.message)}`])];
}

const doneOf = ({ started, skipped, refused }: Replay): number => started + skipped + refused;

/** Only on a terminal; a log would be filled with it. */
function draw({ io, json }: Context, replay: Replay, again: boolean): void {
  if (!io.isTTY || json) return;
  const [done, of] = [doneOf(replay), replay.total];
  const share = of === 0 ? 1 : Math.min(1, done / of);
  const full = Math.round(share * BAR);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
  io.stderr.write(
    inPlace([`${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${of}`], again ? 1 : 0),
  );
}

const COLORS: Readonly<Record<Replay['status'], Exclude<keyof Style, 'bold'>>> = {
  running: 'cyan',
  completed: 'green',
  failed: 'red',
  canceled: 'yellow',
};

export const addReplays: AddCommand = (program, run) => {
  program
    .command('replays')
    .description('List replays of messages, newest first')
    .option('--cancel <id>', 'stop one where it is')
    .option('--limit <number>', 'at most so many', '20')
    .action(
      run(async (context, { cancel, limit }: { cancel?: string; limit: string }) => {
        const { replays } = context.client();
        if (cancel !== undefined) {
          const replay = await replays.cancel(cancel);
          if (context.json) context.give(replay);
          else context.say(`${replay.id} is ${replay.status}, with ${counted(replay.started, 'execution')} started`);
          return EXIT.ok;
        }
        const { items } = await replays.list({ limit: Number(limit) });
        if (context.json) context.give(items);
        else if (items.length === 0) context.remark('Nothing was replayed yet: `myelin replay --into WORKFLOW`.');
        else context.say(...lines(items, context));
        return EXIT.ok;
      }),
    );
};

function lines(items: readonly Replay[], { style, width }: Context): string[] {
  const rows = items.map((replay) => [
    replay.id,
    { text: clean(replay.workflowName), paint: style.bold },
    { text: replay.status, paint: style[COLORS[replay.status]] },
    `${doneOf(replay)} of ${replay.total}`,
    replay.effects === 'suppress' ? 'suppressed' : 'real',
    moment(replay.createdAt),
  ]);
  return table(['ID', 'WORKFLOW', 'STATUS', 'MESSAGES', 'EFFECTS', 'BEGAN (UTC)'], rows, style, width);
}
