/** The name that a document in YAML or JSON gives itself, by its look: the server reads it in earnest. */
export function nameIn(text: string): string | undefined {
  return /^(?:\s*\{)?\s*"?name"?\s*:\s*["']?([a-z0-9][a-z0-9-]*)/m.exec(text)?.[1];
}
