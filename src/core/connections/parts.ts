/** The two halves of a connection: what everybody may see, and what is encrypted. */
import { issueFaults } from '../definition/issue-faults.ts';
import { MyelinError } from '../errors.ts';
import { suggest } from '../suggest.ts';
import type { ConnectionType } from './connection-type.ts';
import { connectionTypes } from './registry.ts';
import { isSecret } from './secret.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Parts {
  readonly open: Fields;
  readonly secret: Readonly<Record<string, string>>;
}

/** Throws `invalid_request`. */
export function connectionType(name: string): ConnectionType {
  const type = connectionTypes.get(name);
  if (type !== undefined) return type;
  const near = suggest(name, connectionTypes.keys());
  throw new MyelinError('invalid_request', `There is no type ${name} of connections${near}.`);
}

export const secretFieldsOf = ({ config }: ConnectionType): string[] =>
  Object.keys(config.shape).filter((field) => isSecret(config.shape[field]));

/** Checks the whole and takes it apart. Throws `invalid_request` with all faults; none holds a value of a secret. */
export function parse(type: ConnectionType, config: unknown): Parts {
  const checked = type.config.safeParse(config);
  if (!checked.success) {
    const errors = checked.error.issues.flatMap((issue) => issueFaults(issue, 'config'));
    throw new MyelinError('invalid_request', `${errors[0]?.path}: ${errors[0]?.message}`, { errors });
  }
  const secrets = new Set(secretFieldsOf(type));
  // A field that is there and undefined is a field that is not there.
  const all = Object.entries(checked.data as Fields).filter(([, value]) => value !== undefined);
  return {
    open: Object.fromEntries(all.filter(([name]) => !secrets.has(name))),
    secret: Object.fromEntries(all.filter(([name]) => secrets.has(name))) as Parts['secret'],
  };
}

/**
 * A change puts new public fields in the place of all the old ones. A secret that is left out stays, null removes it.
 * Throws `connection_target_changed` where secrets that stay would be sent to another place.
 */
export function change(type: ConnectionType, before: Parts, config: Fields): Parts {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
  const kept = Object.entries(before.secret).filter(([name]) => !Object.hasOwn(config, name));
  const after = parse(type, { ...Object.fromEntries(kept), ...given });
  const moved = type.target.filter((field) => before.open[field] !== after.open[field]);
  if (moved.length > 0 && kept.length > 0) {
    const names = kept.map(([name]) => name).join(', ');
    throw new MyelinError(
      'connection_target_changed',
      `${moved.join(', ')} changed: give ${names} again, or it would be sent where it was not meant to go.`,
    );
  }
  return after;
}
