/** Addresses of the webhooks of a draft: as the server says them, or as they will be once it is saved. */
import type { TriggerAnswer } from '../../../../../src/contract/triggers.ts';
import type { Definition } from '../../../graph/document.ts';

export function webhookUrls(
  { triggers = [] }: Pick<Definition, 'triggers'>,
  known: readonly TriggerAnswer[],
): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const { id, type, path } of triggers) {
    if (type !== 'webhook' || typeof path !== 'string') continue;
    const saved = known.find(({ name, config }) => name === id && config.path === path)?.url;
    urls.set(id, `${location.origin}${saved ?? `/webhooks/${path.replace(/^\//, '')}`}`);
  }
  return urls;
}
