/**
 * The library dials by itself, whatever addresses the brokers tell it, and has no hook for that. It does tell of each
 * connection that it makes, before it dials: those of our clients are made to ask the egress first, and dial the very
 * address that was checked.
 */
import { isIP, type LookupFunction } from 'node:net';
import { Connection, type CreationEvent, instancesChannel, UserError } from '@platformatic/kafka';
import { MyelinError } from '../../core/errors.ts';
import type { Egress } from '../../ports/egress.ts';

export class Dialer {
  /** The `context` of clients, by which their connections are known. */
  readonly plain = { tls: false };
  readonly secure = { tls: true };
  readonly #egress: Pick<Egress, 'resolve'>;
  /** By host, as they were checked last. */
  readonly #addresses = new Map<string, string>();

  constructor(egress: Pick<Egress, 'resolve'>) {
    this.#egress = egress;
    instancesChannel.subscribe(this.#made);
  }

  /** For TLS, which wants to know the name: no look-up but those that were checked. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    const address = this.#addresses.get(host);
    if (address === undefined) return callback(new MyelinError('egress_denied', `${host} was not checked.`), []);
    const family = isIP(address);
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };

  close(): void {
    instancesChannel.unsubscribe(this.#made);
  }

  readonly #made = (event: unknown): void => {
    const { instance } = event as CreationEvent<unknown>;
    if (!(instance instanceof Connection)) return;
    if (instance.context === this.plain || instance.context === this.secure) this.#guard(instance);
  };

  #guard(connection: Connection): void {
    const dial = connection.connect.bind(connection);
    const connect: Connection['connect'] = (host, port, callback) => {
      this.#egress.resolve(host, port).then(
        (address) => {
          this.#addresses.set(host, address);
          if (connection.status === 'closed' || connection.status === 'closing') return;
          // With TLS the name goes with it, and `lookup` has the address.
          dial(connection.context === this.secure ? host : address, port, callback);
        },
        (cause: Error) => {
          // The library asks its own kind of errors what is in them.
          const error = new UserError('The address cannot be dialed.', { cause });
          callback?.(error);
          // Whoever waits for the same connection hears of it too.
          if (connection.listenerCount('error') > 0) connection.emit('error', error);
        },
      );
    };
    Object.assign(connection, { connect });
  }
}
