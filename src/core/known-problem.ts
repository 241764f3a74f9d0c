/** As models are listed: those of the settings by their name, and `openai:*` for any other of a provider. */
interface Listed {
  readonly name: string;
  readonly problem: string | null;
}

/** What keeps a model from being asked, such as a missing key, and what to do; null: nothing known. */
export function knownProblem(listed: readonly Listed[], model: string): string | null {
  const any = `${model.slice(0, model.indexOf(':'))}:*`;
  const found = listed.find(({ name }) => name === model) ?? listed.find(({ name }) => name === any);
  return found?.problem ?? null;
}
