/** What a key may: each permission that a route can ask for, and the least role that has it. */

/** From least to most: each may what those before it may. */
export const KEY_ROLES = ['viewer', 'operator', 'editor', 'admin', 'owner'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/**
 * `public` needs no key, `sign-in:grant` nothing less: a browser that is signed in has all others of its key.
 * `server:write` acts on all projects, and is only of the first one, whose key the server made: the operator's.
 */
export const LEAST_ROLES = {
  public: 'viewer',
  'metrics:read': 'viewer',
  'workflows:read': 'viewer',
  'workflows:write': 'editor',
  'workflows:execute': 'operator',
  'executions:read': 'viewer',
  'executions:write': 'operator',
  'approvals:read': 'viewer',
  'approvals:decide': 'operator',
  'connections:read': 'viewer',
  'connections:write': 'editor',
  'events:read': 'viewer',
  'events:write': 'operator',
  'sessions:read': 'viewer',
  'sessions:write': 'operator',
  'keys:read': 'admin',
  'keys:write': 'admin',
  'sign-in:read': 'viewer',
  'sign-in:write': 'viewer',
  'sign-in:grant': 'viewer',
  'server:write': 'owner',
} as const satisfies Record<string, KeyRole>;

/** A route without one does not compile (rule R11). */
export type Permission = keyof typeof LEAST_ROLES;

/** For whoever chooses one. */
export const ROLE_WORDS: Readonly<Record<KeyRole, string>> = {
  viewer: 'reads everything but keys, and changes nothing',
  operator:
    'reads, and starts, cancels, retries and deletes executions, decides approvals, sends messages, sets budgets',
  editor: 'does what an operator does, and changes workflows, prompts and connections',
  admin: 'does what an editor does, and makes and revokes keys, but those of owners',
  owner: 'may do everything',
};

/** Whether `role` may all that `other` may. */
export const covers = (role: KeyRole, other: KeyRole): boolean => KEY_ROLES.indexOf(role) >= KEY_ROLES.indexOf(other);

export const may = (role: KeyRole, permission: Permission): boolean => covers(role, LEAST_ROLES[permission]);

/** Those that have the permission, from least to most. */
export const rolesWith = (permission: Permission): KeyRole[] => KEY_ROLES.filter((role) => may(role, permission));
