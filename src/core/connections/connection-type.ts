/** What a type of connections is: its fields are plain, one below the other, so that a form can ask for them. */
import type { z } from 'zod';

export interface ConnectionType<C = unknown> {
  readonly type: string;
  readonly description: string;
  /** A config that validates; shown in the docs, tried by a test. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Public and secret fields; see `secret`. */
  readonly config: z.ZodObject & z.ZodType<C>;
  /**
   * Fields that say where secrets are sent. Who changes one gives the secrets anew: else whoever may change a
   * connection, but does not know its password, could have it sent to a server of his own.
   */
  readonly target: readonly string[];
}
