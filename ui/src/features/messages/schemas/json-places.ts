/** Where in a JSON text something stands that is spoken of by its path, so that a fault is marked there. */
import { jsonLanguage } from '@codemirror/lang-json';

type Node = ReturnType<typeof jsonLanguage.parser.parse>['topNode'];

interface Span {
  readonly from: number;
  readonly to: number;
}

const VALUES: ReadonlySet<string> = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);

/** Of `properties.total` or `enum[1]`: its name, or the item; where it is not there, what is around it. */
export function spanOf(text: string, path: string): Span {
  let [node] = valuesIn(jsonLanguage.parser.parse(text).topNode);
  let found: Span = { from: 0, to: 1 };
  for (let rest = path; node !== undefined && rest !== ''; ) {
    const next = node.name === 'Array' ? itemAt(node, rest) : propertyAt(node, text, rest);
    if (next === undefined) break;
    found = next.span;
    node = next.value;
    rest = next.rest;
  }
  return found;
}

/** The first place that is no JSON. */
export function brokenSpan(text: string): Span {
  let found: Span | undefined;
  jsonLanguage.parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found ??= { from, to: Math.max(to, from + 1) };
    },
  });
  return found ?? { from: 0, to: 1 };
}

interface Step {
  readonly span: Span;
  readonly value: Node | undefined;
  readonly rest: string;
}

function itemAt(list: Node, path: string): Step | undefined {
  const [whole, index] = /^\[(\d+)\]\.?/.exec(path) ?? [];
  const value = index === undefined ? undefined : valuesIn(list)[Number(index)];
  if (whole === undefined || value === undefined) return undefined;
  return { span: { from: value.from, to: value.to }, value, rest: path.slice(whole.length) };
}

/** Names may have points in them, so the longest that the path begins with is meant. */
function propertyAt(object: Node, text: string, path: string): Step | undefined {
  let found: Step | undefined;
  let longest = -1;
  for (const property of object.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    if (name === null) continue;
    const word = nameOf(text.slice(name.from, name.to));
    const after = path.slice(word.length);
    if (word.length <= longest || !path.startsWith(word) || !/^($|[.[])/.test(after)) continue;
    longest = word.length;
    found = {
      span: { from: name.from, to: name.to },
      value: valuesIn(property)[0],
      rest: after.replace(/^\./, ''),
    };
  }
  return found;
}

function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

function valuesIn(parent: Node): Node[] {
  const values: Node[] = [];
  for (let child = parent.firstChild; child !== null; child = child.nextSibling) {
    if (VALUES.has(child.name)) values.push(child);
  }
  return values;
}
