/** `connections`: lists, adds, changes, tests and removes them. Secrets come from standard input or the environment, never as arguments. */

import type { ConnectionTypeAnswer } from '../../contract/connections.ts';
import { suggest } from '../../core/suggest.ts';
import { actionOf } from '../action-of.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import { readAll } from '../read-input.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, moment } from '../text.ts';

interface Options {
  readonly secret?: readonly string[];
}

type Action = (context: Context, words: readonly string[], options: Options) => Promise<number>;

const ACTIONS: Readonly<Record<string, Action>> = { list, add, change, test, remove, 'rotate-key': rotateKey };

export const addConnections: AddCommand = (program, run) => {
  program
    .command('connections')
    .description(
      'List the connections of the project; add, change, test or remove one; rotate the key that encrypts them',
    )
    .argument(
      '[action]',
      'list, add NAME TYPE FIELD=VALUE…, change NAME FIELD=VALUE…, test NAME, remove NAME, or rotate-key',
    )
    .argument('[words...]')
    .option(
      '--secret <fields...>',
      'with add and change: FIELD is read from standard input, FIELD=VARIABLE from the environment',
    )
    .action(
      run(async (context, word: string = 'list', words: readonly string[] = [], options: Options = {}) => {
        const action = actionOf(ACTIONS, word);
        return await action(context, words, options);
      }),
    );
};

async function list(context: Context): Promise<number> {
  const { connections } = context.client();
  const items = [];
  for (let cursor: string | undefined; ; ) {
    const page = await connections.list({ limit: 200, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const { style, width } = context;
  const rows = items.map(({ name, type, secrets, lastTest }) => [
    { text: name, paint: style.bold },
    type,
    secrets.join(', '),
    lastTest === null ? '' : moment(lastTest.at),
    lastTest === null
      ? { text: 'not tested', paint: style.dim }
      : { text: clean(lastTest.message), paint: lastTest.ok ? style.green : style.red },
  ]);
  if (context.json) context.give(items);
  else if (items.length === 0)
    context.remark('There are none; add one with `myelin connections add NAME TYPE FIELD=VALUE…`.');
  else context.say(...table(['NAME', 'TYPE', 'SECRETS', 'TESTED (UTC)', 'RESULT'], rows, style, width));
  return EXIT.ok;
}

async function add(context: Context, words: readonly string[], { secret = [] }: Options): Promise<number> {
  const [name, typeName, ...fields] = words;
  if (name === undefined || typeName === undefined)
    throw usage(
      'connections add takes a name and a type, such as connections add shop-db postgres host=db.example.com.',
    );
  const { connections } = context.client();
  const types = await connections.types();
  const type = types.find((one) => one.type === typeName);
  if (type === undefined) {
    const names = types.map((one) => one.type);
    throw usage(`There is no type ${typeName}${suggest(typeName, names)}; take one of ${names.join(', ')}.`);
  }
  const config = { ...openFields(type, fields), ...(await secretFields(context, type, secret)) };
  refuseMissing(type, config);
  const made = await connections.create({ name, type: typeName, config });
  if (context.json) context.give(made);
  else context.say(`${name} is added; see whether it works with \`myelin connections test ${name}\``);
  return EXIT.ok;
}

/** Fields that are not named stay as they are; one without a value is taken out. */
async function change(context: Context, words: readonly string[], { secret = [] }: Options): Promise<number> {
  const [name, ...fields] = words;
  if (name === undefined || fields.length + secret.length === 0)
    throw usage('connections change takes a name, and FIELD=VALUE or --secret FIELD.');
  const { connections } = context.client();
  const [known, types] = await Promise.all([connections.get(name), connections.types()]);
  const type = types.find((one) => one.type === known.type);
  if (type === undefined) throw usage(`${name} is of the type ${known.type}, which this server does not know.`);
  const given = { ...openFields(type, fields), ...(await secretFields(context, type, secret)) };
  const config = Object.fromEntries(Object.entries({ ...known.config, ...given }).filter(([, value]) => value !== ''));
  const changed = await connections.update(name, { config });
  if (context.json) context.give(changed);
  else context.say(`${name} is changed; see whether it works with \`myelin connections test ${name}\``);
  return EXIT.ok;
}

/** What the type cannot do without, in the form in which it is given. */
function refuseMissing({ type, configSchema }: ConnectionTypeAnswer, config: Readonly<Record<string, unknown>>): void {
  const required = Array.isArray(configSchema.required) ? configSchema.required.map(String) : [];
  const fields = configSchema.properties as Readonly<Record<string, Field>>;
  const missing = required.filter((name) => !Object.hasOwn(config, name) && fields[name]?.default === undefined);
  if (missing.length === 0) return;
  const asked = missing.map((name) => {
    if (fields[name]?.writeOnly) return `--secret ${name}`;
    return `${name}=${fields[name]?.format === 'uri' || /url$/i.test(name) ? 'URL' : name.toUpperCase()}`;
  });
  throw usage(`A connection of the type ${type} needs ${asked.join(' and ')}.`);
}

interface Field {
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly writeOnly?: boolean;
}

function fieldOf(type: ConnectionTypeAnswer, name: string): Field {
  const fields = type.configSchema.properties as Readonly<Record<string, Field>>;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field !== undefined) return field;
  throw usage(`${type.type} has no field ${name}; it takes ${Object.keys(fields).join(', ')}.`);
}

function openFields(type: ConnectionTypeAnswer, words: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    words.map((word) => {
      const [name, value] = splitOnce(word);
      if (value === undefined) throw usage('Fields are given as FIELD=VALUE.');
      const { writeOnly, type: kind } = fieldOf(type, name);
      if (writeOnly) {
        throw usage(
          `${name} is secret, and arguments are seen by others: use --secret ${name} or --secret ${name}=VARIABLE.`,
        );
      }
      return [name, kind === 'integer' && value !== '' ? Number(value) : value];
    }),
  );
}

/** Those of standard input are its lines, in the order of the fields. */
async function secretFields(
  { io }: Context,
  type: ConnectionTypeAnswer,
  words: readonly string[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const asked: string[] = [];
  for (const word of words) {
    const [name, variable] = splitOnce(word);
    if (!fieldOf(type, name).writeOnly) throw usage(`${name} is no secret: give it as ${name}=VALUE.`);
    if (variable === undefined) asked.push(name);
    else found[name] = io.env[variable] || unset(variable);
  }
  if (asked.length === 0) return found;
  const lines = (await readAll(io.stdin)).split(/\r?\n/);
  for (const [index, name] of asked.entries()) {
    found[name] = lines[index] || missing(name, index);
  }
  return found;
}

function unset(variable: string): never {
  throw usage(`The variable ${variable} is not set.`);
}

function missing(name: string, index: number): never {
  throw usage(`Standard input has no line ${index + 1}, which would be ${name}.`);
}

function splitOnce(word: string): [name: string, value: string | undefined] {
  const at = word.indexOf('=');
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

async function test(context: Context, words: readonly string[]): Promise<number> {
  const result = await context.client().connections.test(nameOf(words, 'test'));
  const { style } = context;
  if (context.json) context.give(result);
  else context.say((result.ok ? style.green : style.red)(clean(result.message)));
  return result.ok ? EXIT.ok : EXIT.failed;
}

async function remove(context: Context, words: readonly string[]): Promise<number> {
  const name = nameOf(words, 'remove');
  await context.client().connections.delete(name);
  if (context.json) context.give({ removed: name });
  else context.say(`${name} is removed`);
  return EXIT.ok;
}

async function rotateKey(context: Context): Promise<number> {
  const rotation = await context.client().connections.rotateKey();
  if (context.json) context.give(rotation);
  else {
    const { keyVersion, changed, unreadable } = rotation;
    context.say(`the master key is version ${keyVersion} now; encrypted anew: ${changed}`);
    if (unreadable > 0) context.say(`no master key of this server opens ${unreadable} more: enter their secrets anew`);
  }
  return EXIT.ok;
}

function nameOf([name]: readonly string[], action: string): string {
  if (name === undefined) throw usage(`connections ${action} takes the name of a connection.`);
  return name;
}
