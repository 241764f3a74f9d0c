/** Secrets are tainted: where a value came back in a result or an error, its name stands instead (rule R12). */

/** Shorter values would black out ordinary text. */
const SHORTEST = 4;

/** A copy without the values; the value itself where none of them occurs. `secrets` maps names to values. */
export function redact<T>(value: T, secrets: ReadonlyMap<string, string>): T {
  const names = [...secrets].filter(([, secret]) => secret.length >= SHORTEST);
  if (names.length === 0) return value;
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  let clean = text;
  for (const [name, secret] of names) {
    const written = JSON.stringify(secret).slice(1, -1);
    clean = clean.replaceAll(written, `[secret ${name}]`);
  }
  return clean === text ? value : (JSON.parse(clean) as T);
}
