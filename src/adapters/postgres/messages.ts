/** The log of messages: what comes in from outside. */
import { createHash } from 'node:crypto';
import type { LeftMessage, MessageStore, NewMessage } from '../../ports/messages.ts';
import { array, texts } from './columns.ts';
import { guarded } from './failures.ts';
import { insertLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { dropMessageDays } from './message-days.ts';
import { countMessages, getMessage, listMessages, readMessages } from './read-messages.ts';
import { messageLag, relayMessages } from './relay-messages.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { notify } from './wake.ts';

export function messageStore(sql: Pool): MessageStore {
  return {
    add: (messages) => guarded(() => add(sql, messages)),
    relay: (now, limit, deliver) => guarded(() => relayMessages(sql, now, limit, deliver)),
    setAside: (left) => guarded(() => sql.begin((tx) => setAside(tx, left))),
    lag: () => guarded(() => messageLag(sql)),
    list: (query) => guarded(() => listMessages(sql, query)),
    read: (query) => guarded(() => readMessages(sql, query)),
    count: (filter, limit) => guarded(() => countMessages(sql, filter, limit)),
    get: (projectId, id) => guarded(() => getMessage(sql, projectId, id)),
    forget: (before) => guarded(() => dropMessageDays(sql, before)),
  };
}

async function add(sql: Pool, messages: readonly NewMessage[]): Promise<number> {
  return await sql.begin(async (tx) => {
    const fresh = await takeIds(tx, messages);
    await runAll(tx, insertMessages(fresh));
    if (fresh.length > 0) await notify(tx, 'messages');
    return fresh.length;
  });
}

/** Those that did not come before. Ids are taken in one order everywhere, against deadlocks. */
async function takeIds(tx: Sql, messages: readonly NewMessage[]): Promise<NewMessage[]> {
  const wanted = new Map<string, NewMessage>();
  const place = (one: NewMessage) => one.projectId + hashOf(one);
  for (const one of messages) {
    if (one.uniqueUntil !== undefined && !wanted.has(place(one))) wanted.set(place(one), one);
  }
  if (wanted.size === 0) return [...messages];
  const inOrder = [...wanted.keys()].sort().map((key) => wanted.get(key) as NewMessage);
  const rows = await tx.unsafe(
    `insert into message_ids (project_id, hash, expires_at)
     select * from unnest($1::uuid[], string_to_array($2, e'\\x1e'), $3::bigint[])
     on conflict (project_id, hash) do update set expires_at = excluded.expires_at
      where message_ids.expires_at < extract(epoch from now()) * 1000
     returning project_id, hash`,
    [
      array(inOrder.map((one) => one.projectId)),
      texts(inOrder.map(hashOf)),
      array(inOrder.map((one) => one.uniqueUntil ?? null)),
    ],
  );
  const taken = new Set(rows.map((row) => `${row.project_id}${row.hash}`));
  return messages.filter(
    (one) => one.uniqueUntil === undefined || (wanted.get(place(one)) === one && taken.has(place(one))),
  );
}

async function setAside(tx: Sql, left: readonly LeftMessage[]): Promise<number> {
  const ids = left.map(({ letter }) => letter.id);
  const rows = await tx`select id from dead_letter_queue where id = any(${array(ids)}::uuid[])`;
  const known = new Set(rows.map((row) => row.id as string));
  const fresh = left.filter(({ letter }, at) => !known.has(letter.id) && ids.indexOf(letter.id) === at);
  const messages = fresh.flatMap((one) => one.messages);
  await runAll(tx, [...insertLetters(fresh.map(({ letter }) => letter)), ...insertMessages(messages)]);
  if (messages.length > 0) await notify(tx, 'messages');
  return fresh.length;
}

const hashOf = ({ event }: NewMessage): string =>
  createHash('sha256')
    .update(JSON.stringify([event.source, event.id]))
    .digest('hex');
