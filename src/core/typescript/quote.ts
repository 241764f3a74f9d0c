/** Texts and keys as JavaScript source: in expressions (acorn reads them) and in printed TypeScript. */

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * What a person cannot see, or what an editor would change: control characters, line separators, marks that turn
 * the direction of text (a known way to hide code from a reader), and surrogates that stand alone, which UTF-8 loses.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escapeInvisible = (char: string): string =>
  SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A string literal; in double quotes where that saves escapes. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replace(INVISIBLE, escapeInvisible) + mark;
}

/** A template literal without substitutions: line breaks and tabs stand as they are. */
export function quoteLines(text: string): string {
  const escaped = text.replace(/\\|`|\$(?=\{)/g, (char) => `\\${char}`);
  return `\`${escaped.replace(INVISIBLE, (char) => (char === '\n' || char === '\t' ? char : escapeInvisible(char)))}\``;
}

/** The key of an object literal. A plain `__proto__` there would set the prototype, so it is computed. */
export function quoteKey(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(key) ? key : quote(key);
}

/** What follows an object to read this property of it: `.name`, `[0]` or `['odd name']`. */
export function quoteAccess(key: string): string {
  if (IDENTIFIER.test(key)) return `.${key}`;
  return /^(?:0|[1-9]\d{0,8})$/.test(key) ? `[${key}]` : `[${quote(key)}]`;
}
