/** Which files the page at an address needs first, as the build of the pages wrote it down. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of routes with their files: `[["/workflows/$id", ["assets/…js"]]]`. */
type Chunks = readonly (readonly [path: string, files: readonly string[]])[];

/** For an address without its query. What nobody wrote down needs nothing first. */
export function firstChunks(folder: string): (path: string) => readonly string[] {
  const file = join(folder, 'first.json');
  const chunks: Chunks = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const routes = chunks.map(([path, files]) => ({ words: path.split('/'), files }));
  return (path) => {
    const words = path.split('/');
    const fits = routes.filter(
      (one) => one.words.length === words.length && one.words.every((word, at) => isLike(word, words[at])),
    );
    // `/workflows/new` is meant before `/workflows/$id`.
    return (fits.find((one) => one.words.join('/') === path) ?? fits[0])?.files ?? [];
  };
}

const isLike = (word: string, given: string | undefined): boolean => word === given || word.startsWith('$');
