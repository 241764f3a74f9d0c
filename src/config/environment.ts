/**
 * The one place that reads the environment of the process; everything else is handed what it needs.
 * `bin/myelin.js` aside, no other file may name it.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export function environment(): Environment {
  return process.env;
}
