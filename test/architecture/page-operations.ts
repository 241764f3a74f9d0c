/** Which operations of the API the pages ask, and which of these they hold back from whoever may not. */
import type { SourceFile } from './source.ts';

/** How a page asks: by one of the functions of `ui/src/api`. */
const ASKED = /\b(?:useApi|useApiPages|useApiAll|useAction|call|keyOf|everyItem)(?:<[^>]*>)?\(\s*'(\w+)'/g;
/** Where it has only the address, such as of a stream or of a link. */
const ADDRESSED = /\btable\.(\w+)\?\./g;
/** A control, an entry of a menu, a link or a text that names what it does. */
const NAMED = /\boperation(?:=|: )(?:\{[^}]*\}|['"]\w+['"])|\b(?:useRefusal\(\)|refusalOf)\([^)]*\)|\breads: '\w+'/g;
const WORDS = /['"](\w+)['"]/g;

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

export const askedBy = (files: readonly SourceFile[]): Set<string> => namesIn(files, ASKED);
export const addressedBy = (files: readonly SourceFile[]): Set<string> => namesIn(files, ADDRESSED);

function namesIn(files: readonly SourceFile[], pattern: RegExp): Set<string> {
  const found = files.filter(({ path }) => !isTest(path)).flatMap(({ text }) => [...text.matchAll(pattern)]);
  return new Set(found.map(([, name]) => name as string));
}

export function heldBackBy(files: readonly SourceFile[]): Set<string> {
  const found = files.filter(({ path }) => !isTest(path)).flatMap(({ text }) => text.match(NAMED) ?? []);
  return new Set(found.flatMap((text) => [...text.matchAll(WORDS)].map(([, word]) => word as string)));
}
