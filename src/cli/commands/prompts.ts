/** `prompts`: lists them, prints one, saves a new version from a file, or goes back to an older one. */

import { resolve } from 'node:path';
import type { PromptSummary } from '../../sdk/index.ts';
import { actionOf } from '../action-of.ts';
import type { Context } from '../context.ts';
import { readText } from '../document.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, moment } from '../text.ts';

interface Options {
  readonly note?: string;
}

type Action = (context: Context, name: string, value: string | undefined, options: Options) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = { show, save, activate, delete: remove };

export const addPrompts: AddCommand = (program, run) => {
  program
    .command('prompts')
    .description('List the prompts of the project; show, save, activate or delete one')
    .argument('[action]', 'show NAME [VERSION], save NAME FILE, activate NAME VERSION, or delete NAME')
    .argument('[name]')
    .argument('[value]')
    .option('--note <text>', 'with save: what is new')
    .action(
      run(async (context, word?: string, name?: string, value?: string, options: Options = {}) => {
        if (word === undefined) return await list(context);
        const action = actionOf(ACTIONS, word);
        if (name === undefined) throw usage(`prompts ${word} takes the name of a prompt.`);
        await action(context, name, value, options);
        return EXIT.ok;
      }),
    );
};

async function list(context: Context): Promise<number> {
  const { prompts } = context.client();
  const items: PromptSummary[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await prompts.list({ limit: 200, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const { style, width } = context;
  const rows = items.map(({ name, version, createdAt, note }) => [
    { text: name, paint: style.bold },
    `v${version}`,
    moment(createdAt),
    note ?? '',
  ]);
  if (context.json) context.give(items);
  else if (items.length === 0) context.remark('There are none; save one with `myelin prompts save NAME FILE`.');
  else context.say(...table(['NAME', 'ACTIVE', 'SAVED (UTC)', 'NOTE'], rows, style, width));
  return EXIT.ok;
}

/** The text alone goes to standard output, so that it can be kept in a file. */
async function show(context: Context, name: string, value: string | undefined): Promise<void> {
  const version = value === undefined ? {} : { version: toVersion(value) };
  const prompt = await context.client().prompts.get(name, version);
  if (context.json) return context.give(prompt);
  context.say(clean(prompt.text, true));
  const others = prompt.versions.map((one) => `v${one.version}${one.version === prompt.active ? ' (active)' : ''}`);
  context.remark(`${name} v${prompt.version}; there are ${others.join(', ')}`);
}

async function save(context: Context, name: string, file: string | undefined, { note }: Options): Promise<void> {
  if (file === undefined) throw usage('prompts save takes a name and a file.');
  const text = readText(file, resolve(context.io.cwd, file)).replace(/\r?\n$/, '');
  const saved = await context.client().prompts.save(name, { text, ...(note === undefined ? {} : { note }) });
  if (context.json) context.give(saved);
  else context.say(`${name} v${saved.version} is active`);
}

async function activate(context: Context, name: string, value: string | undefined): Promise<void> {
  if (value === undefined) throw usage('prompts activate takes a name and a version.');
  const prompt = await context.client().prompts.activate(name, toVersion(value));
  if (context.json) context.give(prompt);
  else context.say(`${name} v${prompt.version} is active`);
}

async function remove(context: Context, name: string): Promise<void> {
  await context.client().prompts.delete(name);
  if (context.json) context.give({ deleted: name });
  else context.say(`${name} is deleted`);
}

function toVersion(text: string): number {
  const version = Number(text.replace(/^v/, ''));
  if (Number.isInteger(version) && version > 0) return version;
  throw usage(`${text} is no version; it is a number from 1.`);
}
