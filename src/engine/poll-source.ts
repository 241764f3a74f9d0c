/** What the source of a poll has now: a request, or page after page, or a statement, and the items in the answers. */
import { createHash } from 'node:crypto';
import { connectionDependency } from '../core/connections/connection-field.ts';
import { http as httpConnection } from '../core/connections/types/http.ts';
import { postgres } from '../core/connections/types/postgres.ts';
import { parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import { compileTemplate } from '../core/expression/index.ts';
import { canonical } from '../core/json-schema/place.ts';
import { type PollConfig, pollConfig, takesCursor } from '../core/poll/config.ts';
import { checkCut, isMet } from '../core/poll/pages.ts';
import { type Cursor, type Item, MOST_ITEMS, MOST_STARTS, tooMany } from '../core/poll/select.ts';
import { type Answer, checkStatus, placeOf, readAnswer } from '../nodes/http/answer.ts';
import { withConnection } from '../nodes/http/connection.ts';
import { type FetchPage, pagesOf } from '../nodes/http/pages.ts';
import { buildRequest, hostOf, type Refusal } from '../nodes/http/request.ts';
import type { Connections } from '../ports/connections.ts';
import type { Databases } from '../ports/database.ts';
import type { Egress } from '../ports/egress.ts';
import type { DuePoll } from '../ports/polls.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { PollTurn } from './poll-turn.ts';

export interface PollSourceNeeds {
  readonly connections: Connections;
  readonly secrets: Secrets;
  readonly egress: Pick<Egress, 'request'>;
  readonly databases: Pick<Databases, 'run'>;
}

export interface Found {
  readonly items: readonly Item[];
  /** There are more, which did not come. */
  readonly truncated: boolean;
}

/** One look of one poll. It notes in `read` the secrets that it has used, which must not stand in its errors. */
export interface Look {
  readonly poll: DuePoll;
  readonly config: PollConfig;
  readonly now: number;
  /** Bounds its requests. */
  readonly turn: PollTurn;
  readonly read: Map<string, string>;
}

interface Raw {
  readonly values: readonly unknown[];
  readonly truncated: boolean;
}

const DEFAULT_TIMEOUT = '30s';
/** Of all pages. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Throws `config_invalid` where a version of before says what this one does not take. */
export function configOf(poll: DuePoll): PollConfig {
  const parsed = pollConfig.safeParse(poll.trigger.config);
  if (parsed.success) return parsed.data;
  throw new MyelinError('config_invalid', `The config of the poll does not fit: ${parsed.error.issues[0]?.message}.`);
}

/** Throws what a request, a statement, an expression and a connection throw. */
export async function look(needs: PollSourceNeeds, of: Look): Promise<Found> {
  const { values, truncated } = of.config.http === undefined ? await query(needs, of) : await request(needs, of);
  return { items: itemsOf(values, of), truncated };
}

async function request({ connections, secrets, egress }: PollSourceNeeds, of: Look): Promise<Raw> {
  const { poll, config, now, turn, read } = of;
  const { items: _, connection, paginate, ...written } = config.http as NonNullable<PollConfig['http']>;
  const template = compileTemplate(written);
  for (const name of template.references.secrets) {
    const value = await secrets.get(poll.projectId, name);
    if (value !== undefined) read.set(name, value);
  }
  const secret = (name: string): string => {
    const value = read.get(name);
    if (value === undefined) throw new MyelinError('secret_missing', `There is no secret ${name}; set it.`);
    return value;
  };
  const refused: Refusal = (field, what) =>
    new MyelinError('config_invalid', `The field http.${field} of the poll ${poll.trigger.name} ${what}.`);
  const $cursor = poll.cursor;
  const plain = template.resolve({ $cursor, $now: now, secret }) as typeof written;
  const timeout = plain.timeout ?? DEFAULT_TIMEOUT;
  const open = connection && (await openOf(connections, of, connection, 'http'));
  const whole = open === undefined ? plain : withConnection(plain, httpConnection.config.parse(open), refused);
  const built = buildRequest({ ...whole, timeout }, `${poll.triggerId}/${poll.turn}`, refused);
  const dependency = connection === undefined ? hostOf(built.url) : connectionDependency({ connection });
  const fetchPage: FetchPage = (url, maxBytes) =>
    turn.reach(dependency, async () => {
      const response = await egress.request({ ...built, url, maxBytes, signal: turn.signal });
      checkStatus({ ...whole, timeout }, built.method, response, now);
      return { answer: readAnswer(response, 'json'), size: response.body.length };
    });
  if (paginate === undefined) {
    const { answer } = await fetchPage(built.url, MAX_BYTES);
    return { values: listOf(answer, built.url, of), truncated: false };
  }
  const values: unknown[] = [];
  let count = 0;
  const cursors: Cursor[] = [];
  let isCut = false;
  for await (const { answer, url, more } of pagesOf(fetchPage, built.url, paginate, MAX_BYTES)) {
    const list = listOf(answer, url, of);
    for (const value of list) values.push(value);
    for (const { cursor } of itemsOf(list, of)) if (cursor !== undefined) cursors.push(cursor);
    if (values.length > MOST_ITEMS) throw tooMany();
    [count, isCut] = [count + 1, more];
    if (isMet(cursors, knownOf(of, cursors))) return { values, truncated: false };
  }
  if (isCut) checkCut(cursors, poll.cursor, count);
  return { values, truncated: isCut };
}

/** Of the first poll that starts nothing it is the largest that counts, and what comes before it does not. */
function knownOf({ poll, config }: Look, cursors: readonly Cursor[]): Cursor | null {
  const startsNothing = !poll.begun && config.first !== 'all';
  return poll.cursor ?? (startsNothing ? (cursors[0] ?? null) : null);
}

function listOf(answer: Answer, url: string, { config, now }: Look): readonly unknown[] {
  const items = config.http?.items;
  const list =
    items === undefined
      ? answer.body
      : compileTemplate(items).resolve({ ...variables(answer.body, now), $trigger: answer });
  if (!Array.isArray(list)) {
    const place = `The answer of ${placeOf(url)}`;
    const mend = items === undefined ? 'say by `items` where it is' : 'correct `items`';
    throw new MyelinError('http_invalid_answer', `${place} has no list, but ${kindOf(list)}: ${mend}.`);
  }
  if (list.length > MOST_ITEMS) throw tooMany();
  return list;
}

async function query({ connections, databases }: PollSourceNeeds, of: Look): Promise<Raw> {
  const { connection, query: sql, timeout } = of.config.sql as NonNullable<PollConfig['sql']>;
  const config = postgres.config.parse(await openOf(connections, of, connection, 'postgres'));
  const statement = {
    ...{ sql, params: takesCursor(sql) ? [of.poll.cursor] : [], write: false },
    maxRows: of.config.cursor === undefined ? MOST_ITEMS : MOST_STARTS,
    timeoutMs: parseDuration(timeout ?? DEFAULT_TIMEOUT),
  };
  const { rows, truncated } = await of.turn.reach(connectionDependency({ connection }), () =>
    databases.run(config, statement, of.turn.signal),
  );
  return { values: rows, truncated };
}

async function openOf(connections: Connections, { poll, read }: Look, name: string, type: string): Promise<unknown> {
  const { config, secrets } = await connections.open(poll.projectId, name, type);
  for (const [field, value] of Object.entries(secrets)) read.set(`${name}.${field}`, value);
  return config;
}

function itemsOf(values: readonly unknown[], { config, now }: Look): readonly Item[] {
  const cursor = config.cursor === undefined ? undefined : compileTemplate(config.cursor);
  const ownId = config.changed === undefined ? undefined : '{{ $json.id }}';
  const id = config.itemId ?? ownId;
  const identity = id === undefined ? undefined : compileTemplate(id);
  return values.map((value, index) => {
    const env = variables(value, now);
    const hash = digest(canonical(value));
    const own = identity && scalar(identity.resolve(env), `itemId of item ${index}`);
    const item = { value, hash, id: own === undefined ? hash : digest(JSON.stringify(own)) };
    return cursor === undefined ? item : { ...item, cursor: scalar(cursor.resolve(env), `cursor of item ${index}`) };
  });
}

const variables = (json: unknown, $now: number) => ({ $json: json, $trigger: json, $now });

function scalar(value: unknown, what: string): string | number {
  if (typeof value === 'string' && value.length <= 1_000) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new MyelinError(
    'config_invalid',
    `The ${what} is ${kindOf(value)}, and must be a text up to 1,000 characters or a number.`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
