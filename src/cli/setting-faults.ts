/** What is wrong with the settings, and which page says what they take. */
import type { Fault } from '../core/errors.ts';

const PAGES: readonly (readonly [blocks: readonly string[], page: string])[] = [
  [['providers', 'models'], 'docs/models.md'],
  [['tools'], 'docs/tools.md'],
];
const PAGE = 'docs/configuration.md';

/** `docs/models.md and docs/tools.md say what they take.` */
export function pagesOf(faults: readonly Fault[]): string {
  const pages = faults.map(({ path }) => {
    const block = path.split('.')[0] ?? '';
    return PAGES.find(([blocks]) => blocks.includes(block))?.[1] ?? PAGE;
  });
  const found = [...new Set(pages)].sort();
  return `${found.join(' and ')} ${found.length === 1 ? 'says' : 'say'} what they take.`;
}
