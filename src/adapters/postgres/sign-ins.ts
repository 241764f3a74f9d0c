import type { Lasting, NewSignIn, SignIn, SignInStore } from '../../ports/sign-ins.ts';
import { guarded } from './failures.ts';
import type { Pool, Row } from './sql.ts';

export function signInStore(sql: Pool): SignInStore {
  return {
    add: (signIn) => guarded(() => add(sql, signIn)),
    redeem: (linkHash, browser) => guarded(() => redeem(sql, linkHash, browser)),
    get: (hash, now) =>
      guarded(async () => {
        const [row] = await sql`
          select project_id, key_hash, expires_at from sign_ins
           where hash = ${hash} and kind = 'browser' and expires_at > ${now}`;
        return row && toSignIn(row);
      }),
    remove: (hash) =>
      guarded(async () => {
        await sql`delete from sign_ins where hash = ${hash}`;
      }),
  };
}

async function add(sql: Pool, { hash, keyHash, kind, createdAt, expiresAt }: NewSignIn): Promise<SignIn | undefined> {
  const [row] = await sql`
    insert into sign_ins (hash, project_id, key_hash, kind, created_at, expires_at)
    select ${hash}, project_id, hash, ${kind}, ${createdAt}::bigint, least(${expiresAt}::bigint, expires_at)
      from api_keys where hash = ${keyHash} and (expires_at is null or expires_at > ${createdAt})
    returning project_id, key_hash, expires_at`;
  return row && toSignIn(row);
}

/** The link's row is locked by whoever deletes it; others find it gone. */
async function redeem(
  sql: Pool,
  linkHash: string,
  { hash, createdAt, expiresAt }: Lasting,
): Promise<SignIn | undefined> {
  const [row] = await sql`
    with link as (
      delete from sign_ins where hash = ${linkHash} and kind = 'link' and expires_at > ${createdAt}
      returning project_id, key_hash)
    insert into sign_ins (hash, project_id, key_hash, kind, created_at, expires_at)
    select ${hash}, link.project_id, key_hash, 'browser', ${createdAt}::bigint, least(${expiresAt}::bigint, k.expires_at)
      from link join api_keys k on k.hash = key_hash
    returning project_id, key_hash, expires_at`;
  return row && toSignIn(row);
}

const toSignIn = (row: Row): SignIn => {
  return { projectId: row.project_id, keyHash: row.key_hash, expiresAt: row.expires_at };
};
