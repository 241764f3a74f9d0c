import type { NewSignIn, SignIn, SignInStore } from '../../ports/sign-ins.ts';
import type { Database } from './database.ts';

export function signInStore({ signIns, apiKeys }: Database): SignInStore {
  /** Undefined where its key is gone. */
  const view = ({ keyHash, expiresAt }: NewSignIn): SignIn | undefined => {
    const key = apiKeys.get(keyHash);
    return key && { projectId: key.projectId, keyHash, expiresAt };
  };
  const find = (hash: string, kind: NewSignIn['kind'], now: number): NewSignIn | undefined => {
    const found = signIns.get(hash);
    return found?.kind === kind && found.expiresAt > now && view(found) !== undefined ? found : undefined;
  };
  const add = (signIn: NewSignIn): SignIn | undefined => {
    const end = apiKeys.get(signIn.keyHash)?.expiresAt ?? Number.POSITIVE_INFINITY;
    if (end <= signIn.createdAt) return undefined;
    const capped = { ...signIn, expiresAt: Math.min(signIn.expiresAt, end) };
    const added = view(capped);
    if (added !== undefined) signIns.set(signIn.hash, capped);
    return added;
  };
  return {
    add: async (signIn) => add(signIn),
    redeem: async (linkHash, browser) => {
      const link = find(linkHash, 'link', browser.createdAt);
      if (link === undefined) return undefined;
      signIns.delete(linkHash);
      return add({ ...browser, kind: 'browser', keyHash: link.keyHash });
    },
    get: async (hash, now) => {
      const found = find(hash, 'browser', now);
      return found && view(found);
    },
    remove: async (hash) => {
      signIns.delete(hash);
    },
  };
}
