/** Expressions as text: the name of a member, and where in a text the cursor is. */

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export const isIdentifier = (name: string): boolean => IDENTIFIER.test(name);

/** `$json.a`, `$json["a b"]`, `$json[0]`. */
export function memberOf(expression: string, key: string | number): string {
  if (typeof key === 'number') return `${expression}[${key}]`;
  return isIdentifier(key) ? `${expression}.${key}` : `${expression}[${JSON.stringify(key)}]`;
}

/** Where the expression begins that is open at this position of a template; undefined: it is plain text. */
export function openExpression(text: string, position: number): number | undefined {
  const open = text.lastIndexOf('{{', position - 1);
  if (open < 0 || open + 2 > position) return undefined;
  const close = text.indexOf('}}', open + 2);
  return close >= 0 && close < position ? undefined : open + 2;
}

/**
 * Where the cursor goes when `}` is typed before the braces that close the expression it is in, which are there already;
 * undefined: the brace is one of the expression itself, or a new one.
 */
export function overClosing(text: string, position: number): number | undefined {
  const isSecond = text[position - 1] === '}' && text[position] === '}';
  const end = isSecond ? position - 1 : position;
  const start = openExpression(text, end);
  if (start === undefined || openBraces(text.slice(start, end)) > 0) return undefined;
  if (isSecond) return position + 1;
  const ahead = /^\s*\}(?=\})/.exec(text.slice(position));
  return ahead === null ? undefined : position + ahead[0].length;
}

const TEXTS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;

function openBraces(code: string): number {
  const bare = code.replace(TEXTS, '');
  return bare.split('{').length - bare.split('}').length;
}

/** An expression as it goes into a template at this position. */
export const inserted = (text: string, position: number, expression: string): string =>
  openExpression(text, position) === undefined ? `{{ ${expression} }}` : expression;

const OPEN = '([{';
const CLOSE = ')]}';

/** What stands before a dot: `$json.items.filter((x) => x.ok)` of `1 + $json.items.filter((x) => x.ok)`. */
export function operandBefore(text: string): string {
  let depth = 0;
  let at = text.length;
  while (at > 0) {
    const char = text[at - 1]!;
    if (CLOSE.includes(char)) depth++;
    else if (OPEN.includes(char)) {
      if (depth === 0) break;
      depth--;
    } else if (char === '"' || char === "'" || char === '`') {
      const start = text.lastIndexOf(char, at - 2);
      if (start < 0) break;
      at = start + 1;
    } else if (depth === 0 && !/[\w$.?]/.test(char)) break;
    at--;
  }
  return text.slice(at).replace(/\?$/, '');
}
