/** /api/sign-in: a browser gets a cookie for a key or a link, hears who it is, and gives the cookie back. */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../../core/errors.ts';
import { hashKey, newToken } from '../../engine/access-key.ts';
import type { SignIn } from '../../ports/sign-ins.ts';
import { type Access, KEY_UNKNOWN } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';
import { Attempts } from './attempts.ts';
import { clearCookie, setCookie, tokenOf } from './cookie.ts';

const LINK_MS = 10 * 60_000;
const BROWSER_MS = 30 * 86_400_000;

type Deps = Pick<ApiDeps, 'store' | 'runtime' | 'publicUrl'>;

export function signIn(app: FastifyInstance, { store, runtime, publicUrl }: Deps, access: Access): void {
  const attempts = new Attempts(runtime.now);
  const fresh = (lifetimeMs: number) => {
    const [token, createdAt] = [newToken(), runtime.now()];
    return { token, lasting: { hash: hashKey(token), createdAt, expiresAt: createdAt + lifetimeMs } };
  };
  const nameOf = async (keyHash: string): Promise<string> => {
    const name = await store.access.keyName(keyHash);
    if (name === undefined) throw new MyelinError('unauthorized', KEY_UNKNOWN);
    return name;
  };

  operation(app, 'signIn', async ({ body: { key, link }, request, reply }) => {
    const { token, lasting } = fresh(BROWSER_MS);
    const { projectId, keyHash } = await attempts.run(request.ip, async () => {
      if (link !== undefined) return proved(await store.signIns.redeem(hashKey(link), lasting), LINK_UNKNOWN);
      const browser = { ...lasting, kind: 'browser', keyHash: hashKey(key ?? '') } as const;
      return proved(await store.signIns.add(browser), KEY_UNKNOWN);
    });
    reply.header('set-cookie', setCookie(token, BROWSER_MS, publicUrl()));
    return { projectId, name: await nameOf(keyHash) };
  });

  operation(app, 'getSignIn', async ({ request: { caller } }) => {
    const { projectId, keyHash, role, via, expiresAt } = caller;
    const until = expiresAt === null ? null : new Date(expiresAt).toISOString();
    return { projectId, name: await nameOf(keyHash), role, via, expiresAt: until };
  });

  operation(app, 'signOut', async ({ request, reply }) => {
    const token = tokenOf(request.headers.cookie);
    if (token !== undefined) {
      await store.signIns.remove(hashKey(token));
      access.forgetBrowser(hashKey(token));
    }
    reply.header('set-cookie', clearCookie(publicUrl()));
    return undefined;
  });

  operation(app, 'createSignInLink', async ({ request: { caller } }) => {
    const { token, lasting } = fresh(LINK_MS);
    const { expiresAt } = proved(
      await store.signIns.add({ ...lasting, kind: 'link', keyHash: caller.keyHash }),
      KEY_UNKNOWN,
    );
    return { url: `${publicUrl()}/sign-in#${token}`, expiresAt: new Date(expiresAt).toISOString() };
  });
}

const LINK_UNKNOWN = 'This link was used, has expired, or is none: make another with `myelin open`.';

function proved(signedIn: SignIn | undefined, otherwise: string): SignIn {
  if (signedIn === undefined) throw new MyelinError('unauthorized', otherwise);
  return signedIn;
}
