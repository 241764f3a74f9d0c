/** `keys`: lists those that may call, makes one, revokes one. A new key is printed once, alone on stdout. */

import type { KeyAnswer } from '../../contract/keys.ts';
import { formatDuration, parseDuration } from '../../core/duration.ts';
import { MyelinError } from '../../core/errors.ts';
import { KEY_ROLES, type KeyRole, ROLE_WORDS } from '../../core/keys/roles.ts';
import { suggest } from '../../core/suggest.ts';
import { actionOf } from '../action-of.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { moment } from '../text.ts';

interface Options {
  readonly role?: string;
  readonly expires?: string;
}

type Action = (context: Context, words: readonly string[], options: Options) => Promise<number>;

const ACTIONS: Readonly<Record<string, Action>> = { list, create, revoke };
/** Who says nothing gets a key that changes nothing. */
const DEFAULT_ROLE: KeyRole = 'viewer';

export const addKeys: AddCommand = (program, run) => {
  program
    .command('keys')
    .description('List the API keys of the project; create or revoke one')
    .argument('[action]', 'list, create NAME, or revoke ID')
    .argument('[words...]')
    .option('--role <role>', `with create: ${KEY_ROLES.join(', ')} (default ${DEFAULT_ROLE})`)
    .option('--expires <duration>', 'with create: it serves that long, such as 90d (default: until it is revoked)')
    .action(
      run(async (context, word: string = 'list', words: readonly string[] = [], options: Options = {}) => {
        const action = actionOf(ACTIONS, word);
        return await action(context, words, options);
      }),
    );
};

async function list(context: Context): Promise<number> {
  const keys = await context.client().keys.list();
  const { style, width } = context;
  const rows = keys.map((key) => [
    key.id,
    { text: key.isYours ? `${key.name} (yours)` : key.name, paint: style.bold },
    key.role,
    key.ending === null ? '' : `…${key.ending}`,
    `${moment(key.createdAt)}${key.createdBy === null ? '' : ` by ${key.createdBy}`}`,
    key.lastUsedAt === null ? 'never' : moment(key.lastUsedAt),
    { text: endOf(key), paint: hasExpired(key) ? style.red : style.dim },
  ]);
  if (context.json) context.give(keys);
  else
    context.say(
      ...table(['ID', 'NAME', 'ROLE', 'KEY', 'MADE (UTC)', 'USED (UTC)', 'EXPIRES (UTC)'], rows, style, width),
    );
  return EXIT.ok;
}

const hasExpired = ({ expiresAt }: KeyAnswer): boolean => expiresAt !== null && Date.parse(expiresAt) <= Date.now();

function endOf(key: KeyAnswer): string {
  if (key.expiresAt === null) return 'never';
  return hasExpired(key) ? `expired ${moment(key.expiresAt)}` : moment(key.expiresAt);
}

async function create(context: Context, words: readonly string[], options: Options): Promise<number> {
  const name = words.join(' ');
  if (name === '') throw usage('keys create takes a name: say who uses the key.');
  const role = roleOf(options.role ?? DEFAULT_ROLE);
  const expiresAt =
    options.expires === undefined ? null : new Date(Date.now() + lifetime(options.expires)).toISOString();
  const made = await context.client().keys.create({ name, role, expiresAt });
  if (context.json) context.give(made);
  else context.say(made.secret);
  const end = expiresAt === null ? 'until it is revoked' : `until ${moment(expiresAt)} UTC`;
  context.remark(
    `This is the key ${name}; it is shown this once. It serves ${end}.`,
    `Its role is ${role}: ${ROLE_WORDS[role]}. Revoke it with \`myelin keys revoke ${made.key.id}\`.`,
  );
  return EXIT.ok;
}

function roleOf(word: string): KeyRole {
  const role = KEY_ROLES.find((one) => one === word);
  if (role === undefined) {
    throw usage(`There is no role ${word}${suggest(word, KEY_ROLES)}; take one of ${KEY_ROLES.join(', ')}.`);
  }
  return role;
}

/** Milliseconds. */
function lifetime(text: string): number {
  try {
    const ms = parseDuration(text);
    if (ms > 0) return ms;
  } catch (error) {
    if (error instanceof MyelinError) throw usage(`--expires: ${error.message}`);
    throw error;
  }
  throw usage(`--expires is ${formatDuration(0)}: a key that has expired opens nothing.`);
}

async function revoke(context: Context, words: readonly string[]): Promise<number> {
  const [id] = words;
  if (id === undefined || words.length > 1)
    throw usage('keys revoke takes the id of one key; `myelin keys` lists them.');
  await context.client().keys.revoke(id);
  if (context.json) context.give({ revoked: id });
  else context.say(`${id} is revoked`);
  context.remark('The server refuses it from now on, and so do other processes within a minute.');
  return EXIT.ok;
}
