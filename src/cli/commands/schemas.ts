/** `schemas`: lists the types of messages that have a schema, prints one, writes a new version from a file, or deletes it. */

import { resolve } from 'node:path';
import type { EventSchemaSummary, NewEventSchema } from '../../sdk/index.ts';
import { actionOf } from '../action-of.ts';
import type { Context } from '../context.ts';
import { parseText, readText } from '../document.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, moment } from '../text.ts';

type Action = (context: Context, type: string, value: string | undefined) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = { show, put, delete: remove };

export const addSchemas: AddCommand = (program, run) => {
  program
    .command('schemas')
    .description('List the types of messages that have a schema; show, put or delete one')
    .argument('[action]', 'show TYPE [VERSION], put TYPE FILE, or delete TYPE')
    .argument('[type]')
    .argument('[value]')
    .action(
      run(async (context, word?: string, type?: string, value?: string) => {
        if (word === undefined) return await list(context);
        const action = actionOf(ACTIONS, word);
        if (type === undefined) throw usage(`schemas ${word} takes a type of messages, such as order.placed.`);
        await action(context, type, value);
        return EXIT.ok;
      }),
    );
};

async function list(context: Context): Promise<number> {
  const { schemas } = context.client().events;
  const items: EventSchemaSummary[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await schemas.list({ limit: 200, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const { style, width } = context;
  const rows = items.map(({ type, version, policy, createdAt }) => [
    { text: clean(type), paint: style.bold },
    `v${version}`,
    policy,
    moment(createdAt),
  ]);
  if (context.json) context.give(items);
  else if (items.length === 0) context.remark('There are none; write one with `myelin schemas put TYPE FILE`.');
  else context.say(...table(['TYPE', 'NEWEST', 'POLICY', 'WRITTEN (UTC)'], rows, style, width));
  return EXIT.ok;
}

/** What goes to standard output can be put again. */
async function show(context: Context, type: string, value: string | undefined): Promise<void> {
  const found = await context
    .client()
    .events.schemas.get(type, value === undefined ? {} : { version: toVersion(value) });
  if (context.json) return context.give(found);
  const { schema, policy, upcast } = found;
  context.say(JSON.stringify({ policy, ...(upcast === null ? {} : { upcast }), schema }, null, 2));
  context.remark(
    `${type} v${found.version}; there are ${found.versions.map(({ version }) => `v${version}`).join(', ')}`,
  );
}

async function put(context: Context, type: string, file: string | undefined): Promise<void> {
  if (file === undefined)
    throw usage('schemas put takes a type of messages and a file with { schema, policy, upcast }.');
  const { document } = parseText(file, readText(file, resolve(context.io.cwd, file)));
  // The server says what is wrong with it.
  const written = await context.client().events.schemas.put(type, document as NewEventSchema);
  if (context.json) context.give(written);
  else context.say(`${type} v${written.version} is the newest`);
}

async function remove(context: Context, type: string): Promise<void> {
  await context.client().events.schemas.delete(type);
  if (context.json) context.give({ deleted: type });
  else context.say(`${type} has no schema any more`);
}

function toVersion(text: string): number {
  const version = Number(text.replace(/^v/, ''));
  if (Number.isInteger(version) && version > 0) return version;
  throw usage(`${text} is no version; it is a number from 1.`);
}
