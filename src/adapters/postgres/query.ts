/** Statements as data: what is to be written is known whole before the first of it is sent. */

export interface Query {
  /** With `$1`, `$2`, … */
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

export const query = (text: string, parameters: Query['parameters'] = []): Query => ({ text, parameters });
