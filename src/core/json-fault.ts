/**
 * Where a text stops being JSON. JSON.parse often does not say, and quotes the text when it does. Runs only for
 * texts that were refused; a loop over tokens with a stack of open brackets, linear in the text.
 */

type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/** A number or word; sticky, so that it is tried in one place only. */
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/**
 * Offset of the first fault of a text that JSON.parse refused, or the text's length where it ends too early.
 * Undefined when more than `deepest` levels are open before that.
 */
export function faultOffset(text: string, deepest: number): number | undefined {
  const open: string[] = [];
  let wanted: Wanted = 'value';
  for (let at = 0; ; ) {
    while (isSpace(text.charCodeAt(at))) at++;
    const char = text.charAt(at);
    const isKey: boolean = wanted.startsWith('key');
    if (wanted === ':') {
      if (char !== ':') return at;
      wanted = 'value';
      at++;
    } else if (char === ',' && wanted === ', or end' && open.length > 0) {
      wanted = open.at(-1) === '{' ? 'key' : 'value';
      at++;
    } else if (char !== '' && char === closing(wanted, open.at(-1))) {
      open.pop();
      wanted = ', or end';
      at++;
    } else if (wanted === ', or end') {
      return at;
    } else if (char === '"') {
      const end = faultyStringEnd(text, at);
      if (end < 0) return -end;
      wanted = isKey ? ':' : ', or end';
      at = end;
    } else if (isKey) {
      return at;
    } else if (char === '{' || char === '[') {
      if (open.push(char) > deepest) return undefined;
      wanted = char === '{' ? 'key or }' : 'value or ]';
      at++;
    } else {
      SCALAR.lastIndex = at;
      const length = SCALAR.exec(text)?.[0].length;
      if (length === undefined) return at;
      wanted = ', or end';
      at += length;
    }
  }
}

const isSpace = (char: number): boolean => char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;

/** The bracket that may close here, if any. */
function closing(wanted: Wanted, bracket: string | undefined): string | undefined {
  if (bracket === '{' && (wanted === 'key or }' || wanted === ', or end')) return '}';
  if (bracket === '[' && (wanted === 'value or ]' || wanted === ', or end')) return ']';
  return undefined;
}

/** Offset after a string that begins at `start`, or minus the offset of the fault in it. */
function faultyStringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) return at + 1;
    if (char === 0x5c) {
      const letters = text.slice(at + 1, at + 6);
      if (/^["\\/bfnrt]/.test(letters)) at += 1;
      else if (/^u[0-9a-fA-F]{4}/.test(letters)) at += 5;
      else return -(at + 1);
    } else if (!(char >= 0x20)) return -at;
  }
}
