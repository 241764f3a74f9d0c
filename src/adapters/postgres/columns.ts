/**
 * Columns as parameters. A batch goes to PostgreSQL as one parameter per column: arrays of ids and numbers as array
 * literals, texts joined by a character that JSON never contains raw. Much cheaper on both ends than quoting arrays.
 */

/** Record separator, U+001E: JSON text escapes it, ids and types never have it. */
const SEPARATOR = '\u001e';

/** For `string_to_array($n, e'\x1e')`. */
export const texts = (values: readonly string[]): string => values.join(SEPARATOR);

/** For `$n::uuid[]`, `$n::int[]`, `$n::bigint[]`: nothing in the values needs quoting. */
export const array = (values: readonly (string | number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;
