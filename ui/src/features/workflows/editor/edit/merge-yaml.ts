/** A document as YAML, and its changes put into a text that somebody wrote, whose comments stay. */
import { type Document, isMap, isNode, isSeq, Lexer, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { isObject } from '../../../../../../src/core/json.ts';
import { yamlFault } from '../../../../../../src/core/yaml-fault.ts';
import type { Definition } from '../../../../graph/document.ts';
import { asDocument, type ReadText } from './read-text.ts';

const OPTIONS = { lineWidth: 110, blockQuote: 'literal' } as const;

export const printYaml = (value: unknown): string => stringify(value, OPTIONS);

export function readYaml(text: string): ReadText {
  const parsed = parseDocument(text);
  const [error] = parsed.errors;
  if (error !== undefined) {
    const [from, to] = error.pos;
    return { fault: { message: yamlFault(error.code), from, to, line: error.linePos?.[0].line ?? 1 } };
  }
  const value: unknown = parsed.toJS();
  return asDocument(value);
}

/** What `#` begins; one inside of a text is none. */
export const hasComments = (text: string): boolean => [...new Lexer().lex(text)].some((token) => token[0] === '#');

/** The text where it says the same already; a fresh one where it cannot be read. */
export function mergeYaml(text: string, definition: Definition): string {
  const parsed = parseDocument(text);
  if (parsed.errors.length > 0 || !isMap(parsed.contents)) return printYaml(definition);
  if (isEqual(parsed.toJS(), definition)) return text;
  mergeMap(parsed, parsed.contents, definition);
  return parsed.toString(OPTIONS);
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const plain = (document: Document, value: unknown): unknown => (isNode(value) ? value.toJS(document) : value);

function mergeMap(document: Document, map: YAMLMap, value: Readonly<Record<string, unknown>>): void {
  for (const { key } of [...map.items]) {
    const name = String(plain(document, key));
    if (value[name] === undefined) map.delete(key);
  }
  for (const [name, next] of Object.entries(value)) {
    if (next === undefined) continue;
    const child: unknown = map.get(name, true);
    if (child !== undefined && isEqual(plain(document, child), next)) continue;
    if (isMap(child) && isObject(next)) mergeMap(document, child, next);
    else if (isSeq(child) && Array.isArray(next)) mergeList(document, child, next);
    else map.set(name, document.createNode(next));
  }
}

/** Items are the same by their id, else by what they say. */
function mergeList(document: Document, list: YAMLSeq, value: readonly unknown[]): void {
  const old = list.items.map((item) => ({ item, value: plain(document, item), used: false }));
  const identity = (one: unknown) => (isObject(one) && typeof one.id === 'string' ? one.id : undefined);
  list.items = value.map((next) => {
    const id = identity(next);
    const found = old.find(
      (one) => !one.used && (id === undefined ? isEqual(one.value, next) : identity(one.value) === id),
    );
    if (found === undefined) return document.createNode(next);
    found.used = true;
    if (isMap(found.item) && isObject(next) && !isEqual(found.value, next)) mergeMap(document, found.item, next);
    return found.item;
  });
}
