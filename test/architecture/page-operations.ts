/** Which operations of the API the pages ask, and which of these they hold back from whoever may not. */
import type { SourceFile } from './source.ts';

/** How a page asks: by one of the functions of `ui/src/api`. */
const ASKED =
  /\b(?:useApi|useApiPages|useApiAll|useAction|call|keyOf|queryOf|pagesOf|allOf|everyItem)(?:<[^>]*>)?\(\s*([^,)]+)/g;
/** Where it has only the address, such as of a stream or of a link. */
const ADDRESSED = /\btable\.(\w+)\?\./g;
/** A control, an entry of a menu, a link or a text that names what it does. */
const NAMED = /\boperation(?:=|: )(?:\{[^}]*\}|['"]\w+['"])|\b(?:useRefusal\(\)|refusalOf)\([^)]*\)|\breads: '\w+'/g;
const WORDS = /['"](\w+)['"]/g;

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** Of a choice between two, both. */
export const askedBy = (files: readonly SourceFile[]): Set<string> =>
  new Set(found(files, ASKED).flatMap((text) => wordsOf(text.slice(text.indexOf('?') + 1))));
export const addressedBy = (files: readonly SourceFile[]): Set<string> => new Set(found(files, ADDRESSED));
export const heldBackBy = (files: readonly SourceFile[]): Set<string> => new Set(found(files, NAMED).flatMap(wordsOf));

/** What each match has in its group, or all of it where it has none. */
function found(files: readonly SourceFile[], pattern: RegExp): string[] {
  const matches = files.filter(({ path }) => !isTest(path)).flatMap(({ text }) => [...text.matchAll(pattern)]);
  return matches.map(([whole, group = whole]) => group);
}

const wordsOf = (text: string): string[] => [...text.matchAll(WORDS)].map(([, word = '']) => word);
