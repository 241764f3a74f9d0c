/**
 * Lays out TypeScript as a formatter would: on one line where it fits, else one part per line. A part is a text, a
 * list between brackets, or a chain of calls.
 */
import { quote, quoteLines } from './quote.ts';

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'list'; readonly open: '[' | '{'; readonly items: readonly Item[] }
  | { readonly kind: 'chain'; readonly head: Call; readonly calls: readonly Call[] };

export interface Item {
  /** Source of the key, in an object. */
  readonly key?: string;
  readonly value: Part;
}

export interface Call {
  readonly name: string;
  readonly args: readonly Part[];
}

const WIDTH = 110;
/** What is left to a value after a key that is too long itself. */
const LEAST_ROOM = 20;
/** Lines of a user's text may be longer than ours before it is worth to cut them. */
const TEXT_WIDTH = 140;
/** Longer sums overflow the stack of compilers, and nobody reads them. */
const LONGEST_SUM = 500;

const CLOSE = { '[': ']', '{': '}' } as const;
const tab = (depth: number): string => '  '.repeat(depth);

/** Source of a part whose first line begins at `column` and whose other lines are indented by `depth`. */
export function layOut(part: Part, depth: number, column: number): string {
  const line = flat(part, Math.max(WIDTH - column, LEAST_ROOM));
  if (line !== undefined) return line;
  if (part.kind === 'string') return breakString(part.value, depth);
  if (part.kind === 'list') return breakList(part.open, part.items, depth);
  if (part.kind === 'chain') return breakChain(part.head, part.calls, depth);
  return part.text;
}

/** On one line of at most `room` characters; undefined where it does not fit. */
function flat(part: Part, room: number): string | undefined {
  const line = write(part, room);
  return line === undefined || line.length > room ? undefined : line;
}

function write(part: Part, room: number): string | undefined {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'string') return part.value.length > room || hasLines(part.value) ? undefined : quote(part.value);
  if (part.kind === 'chain') return part.calls.length < 2 ? writeChain([part.head, ...part.calls], room) : undefined;
  const items = writeAll(part.items, room, (item) => {
    const value = write(item.value, room);
    return value === undefined || item.key === undefined ? value : `${item.key}: ${value}`;
  });
  if (items === undefined) return undefined;
  const space = part.open === '{' && items !== '' ? ' ' : '';
  return part.open + space + items + space + CLOSE[part.open];
}

function writeChain(calls: readonly Call[], room: number): string | undefined {
  const texts = calls.map((call) => writeCall(call, room));
  return texts.includes(undefined) ? undefined : texts.join('');
}

function writeCall(call: Call, room: number): string | undefined {
  const args = writeAll(call.args, room, (arg) => write(arg, room));
  return args === undefined ? undefined : `${call.name}(${args})`;
}

/** Gives up as soon as the room is used, so that a long list is not written at every depth. */
function writeAll<T>(parts: readonly T[], room: number, one: (part: T) => string | undefined): string | undefined {
  let text = '';
  for (const [index, part] of parts.entries()) {
    const next = one(part);
    if (next === undefined || text.length > room) return undefined;
    text += index === 0 ? next : `, ${next}`;
  }
  return text;
}

/** Two line breaks or more read better as lines. */
const hasLines = (text: string): boolean => text.indexOf('\n') !== text.lastIndexOf('\n');

function breakList(open: '[' | '{', items: readonly Item[], depth: number): string {
  const lines = items.map(({ key, value }) => {
    const before = tab(depth + 1) + (key === undefined ? '' : `${key}: `);
    return `${before}${layOut(value, depth + 1, before.length + 1)},\n`;
  });
  return `${open}\n${lines.join('')}${tab(depth)}${CLOSE[open]}`;
}

function breakChain(head: Call, calls: readonly Call[], depth: number): string {
  const lines = calls.map((call) => `\n${tab(depth + 1)}${layOutCall(call, depth + 1, tab(depth + 1).length)}`);
  return layOutCall(head, depth, tab(depth).length) + lines.join('');
}

/** The last argument alone may be broken while the others stay on the line of the call. */
export function layOutCall(call: Call, depth: number, column: number): string {
  const line = writeCall(call, WIDTH - column);
  if (line !== undefined && line.length <= WIDTH - column) return line;
  const first = call.args.slice(0, -1).map((arg) => flat(arg, WIDTH));
  const last = call.args.at(-1);
  const head = `${call.name}(${first.map((arg) => `${arg}, `).join('')}`;
  const plain = call.args.slice(0, -1).every((arg) => arg.kind !== 'list' && arg.kind !== 'chain');
  if (last !== undefined && plain && !first.includes(undefined) && column + head.length < WIDTH) {
    return `${head}${layOut(last, depth, column + head.length + 1)})`;
  }
  const lines = call.args.map((arg) => `${tab(depth + 1)}${layOut(arg, depth + 1, tab(depth + 1).length + 1)},\n`);
  return `${call.name}(\n${lines.join('')}${tab(depth)})`;
}

/** Lines as a template literal; lines that are too long as a sum of texts. */
function breakString(value: string, depth: number): string {
  if (hasLines(value) && value.split('\n').every((line) => line.length <= TEXT_WIDTH)) return quoteLines(value);
  const pieces = cut(value, Math.max(40, WIDTH - 2 * depth - 8));
  if (pieces.length > LONGEST_SUM) return quote(value);
  return pieces.map((piece) => quote(piece)).join(` +\n${tab(depth + 1)}`);
}

/** After line breaks, else after the last space that fits, never inside a surrogate pair. */
function cut(text: string, width: number): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const rest = text.slice(from, from + width);
    let length = rest.indexOf('\n') + 1 || rest.length;
    if (length === width && from + width < text.length) length = rest.lastIndexOf(' ') + 1 || width;
    if (/[\ud800-\udbff]$/.test(text.slice(from, from + length)) && length > 1) length -= 1;
    pieces.push(text.slice(from, from + length));
    from += length;
  }
  return pieces;
}
