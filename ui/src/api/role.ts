/** What the key may by which somebody is signed in. The least role that each operation takes comes from the table of routes. */
import table from 'virtual:routes';
import { createContext, useContext } from 'react';
import type { KeyRole } from '../../../src/core/keys/roles.ts';
import type { OperationId } from './call.ts';
import { refusalFor } from './refusal.ts';

/** Undefined until it is known: nothing is held back meanwhile, since most who come may do all of it. */
export const RoleContext = createContext<KeyRole | undefined>(undefined);

/** Says why an operation is not for whoever is signed in; undefined: it is, or there is none. */
export function useRefusal(): (id: OperationId | undefined) => string | undefined {
  const role = useContext(RoleContext);
  return (id) => (id === undefined ? undefined : refusalFor(leastRole(id), role));
}

/** What not everybody may read is asked once it is known that this one may: nobody is refused for having come too early. */
export function useMayAsk(id: OperationId): boolean {
  const role = useContext(RoleContext);
  const least = leastRole(id);
  return least === 'viewer' || (role !== undefined && refusalFor(least, role) === undefined);
}

/** What is not in the table the server refuses by itself. */
export const leastRole = (id: OperationId): KeyRole => table[id]?.role ?? 'viewer';
