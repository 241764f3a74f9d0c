import type { Secrets } from '../../ports/secrets.ts';

/**
 * Secrets of the operator, the same for every project: `values` come from the variables `MYELIN_SECRET_NAME` of the
 * environment, which `config` reads, by NAME.
 */
export function environmentSecrets(values: Readonly<Record<string, string>>): Secrets {
  const byName = new Map(Object.entries(values));
  return { get: async (_projectId, name) => byName.get(name) };
}
