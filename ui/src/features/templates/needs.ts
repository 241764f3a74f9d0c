/** What a template needs and does not bring along, in words. */
interface Needs {
  readonly models: readonly string[];
  readonly secrets: readonly string[];
  readonly connections: readonly string[];
  readonly workflows: readonly string[];
}

export function needsWords({ models, secrets, connections, workflows }: Needs): string {
  const own = models.filter((model) => !model.startsWith('scripted:'));
  const parts = [
    ...[...list(own, 'model'), ...list(secrets, 'secret')],
    ...[...list(connections, 'connection'), ...list(workflows, 'workflow')],
  ];
  if (parts.length > 0) return `Needs the ${parts.join(', the ')}`;
  return models.length > 0 ? 'Runs at once: its model is scripted' : 'Runs at once';
}

const list = (names: readonly string[], what: string): string[] =>
  names.length === 0 ? [] : [`${what}${names.length === 1 ? '' : 's'} ${names.join(', ')}`];
