/** A document as TypeScript, and its changes put into a text that somebody wrote, where they fit between its lines. */
import { isObject } from '../../../../../../src/core/json.ts';
import { readTypeScript } from '../../../../../../src/core/typescript/read-typescript.ts';
import { toTypeScript } from '../../../../../../src/core/typescript/to-typescript.ts';
import type { Definition } from '../../../../graph/document.ts';
import { diffLines } from '../../yaml-diff/line-diff.ts';
import { asDocument, type ReadText } from './read-text.ts';

export function printTypeScript(definition: Definition): string {
  try {
    return toTypeScript(definition);
  } catch (error) {
    return `// ${(error as Error).message}\n`;
  }
}

/** Keys stand in the order of `like`, so that what means the same is the same document. */
export function readTypeScriptText(text: string, like: Definition): ReadText {
  const read = readTypeScript(text);
  if ('fault' in read) return read;
  return asDocument(inOrderOf(like, read.document));
}

/**
 * The text where it says the same already. Else what differs between the document as it was, printed, and as it is, is
 * done to the lines of the text; where that does not give the document, it is printed anew.
 */
export function mergeTypeScript(text: string, definition: Definition): string {
  const printed = printTypeScript(definition);
  const before = readTypeScriptText(text, definition);
  if ('fault' in before) return printed;
  if (isEqual(before.definition, definition)) return text;
  const merged = mergeLines(printTypeScript(before.definition), text, printed);
  const after = readTypeScriptText(merged, definition);
  return 'definition' in after && isEqual(after.definition, definition) ? merged : printed;
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Both changes of `base`, line by line. Where they meet, both are taken, and it is for the reader to judge. */
function mergeLines(base: string, mine: string, theirs: string): string {
  const [a, b] = [changesOf(base, mine), changesOf(base, theirs)];
  const lines: string[] = [];
  for (let index = 0; index <= a.kept.length; index += 1) {
    lines.push(...(a.put.get(index) ?? []), ...(b.put.get(index) ?? []));
    const line = a.kept[index];
    if (line !== undefined && b.kept[index] !== undefined) lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** For each line of `base`, itself or undefined where it went, and what was put before it. */
function changesOf(base: string, text: string) {
  const kept: (string | undefined)[] = [];
  const put = new Map<number, string[]>();
  for (const { kind, text: line } of diffLines(base, text)) {
    if (kind === 'added') put.set(kept.length, [...(put.get(kept.length) ?? []), line]);
    else kept.push(kind === 'same' ? line : undefined);
  }
  return { kept, put };
}

type Fields = Readonly<Record<string, unknown>>;

const mapFields = (fields: Fields, one: (key: string, value: unknown) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, one(key, value)]));

/** The builder orders the parts of a document in its own way. What is in a config stays as it was written. */
function inOrderOf(like: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    const old: readonly unknown[] = Array.isArray(like) ? like : [];
    const byId = new Map(old.filter(isObject).map((item) => [item.id, item]));
    return value.map((item, index) => inOrderOf(isObject(item) ? byId.get(item.id) : old[index], item));
  }
  if (!isObject(value) || !isObject(like)) return value;
  const first = Object.keys(like).filter((key) => Object.hasOwn(value, key));
  const ordered = Object.fromEntries([...first, ...Object.keys(value)].map((key) => [key, value[key]]));
  return mapFields(ordered, (key, field) =>
    key === 'config' ? inConfigOf(like.config, field) : inOrderOf(like[key], field),
  );
}

/** Only the graphs inside of it. */
function inConfigOf(like: unknown, config: unknown): unknown {
  if (!isObject(like) || !isObject(config)) return config;
  return mapFields(config, (key, field) => {
    const old = like[key];
    if (key === 'branches' && isObject(old) && isObject(field)) {
      return mapFields(field, (name, branch) => inOrderOf(old[name], branch));
    }
    return key === 'body' ? inOrderOf(old, field) : field;
  });
}
