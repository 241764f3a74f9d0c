/** Calls about API keys: who may call, and what. */
import type { NewKeyBody } from '../contract/keys.ts';
import type { CallOptions } from './call-options.ts';
import type { Transport } from './transport.ts';

export function keyCalls(transport: Transport) {
  return {
    /** Newest first, those that have expired too. */
    list: async (o: CallOptions = {}) => (await transport.call('listKeys', o)).items,
    /** `secret` is what callers send; nobody can tell it again. It may no more than the key of this client, and lives no longer. */
    create: (key: NewKeyBody, o: CallOptions = {}) => transport.call('createKey', { body: key, ...o }),
    /** By id. Throws `last_owner_key` for the last owner that does not expire. */
    revoke: (id: string, o: CallOptions = {}) => transport.call('revokeKey', { params: { id }, ...o }),
  };
}
