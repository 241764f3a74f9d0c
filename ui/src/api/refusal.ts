/** Why an operation is not for whoever is signed in, in words. */
import { covers, type KeyRole } from '../../../src/core/keys/roles.ts';

/** Undefined: it is for them, or nobody knows yet who they are. */
export function refusalFor(least: KeyRole, role: KeyRole | undefined): string | undefined {
  if (role === undefined || covers(role, least)) return undefined;
  const takes = least === 'owner' ? 'the role owner' : `the role ${least} or above`;
  return `This takes ${takes}; your key has the role ${role}.`;
}
