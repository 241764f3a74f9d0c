/**
 * HTML to the text that a reader would see. Scripts, styles, comments and hidden elements go with all that they hold,
 * and so do characters that nobody sees: by these, instructions for a model are smuggled past the person who looks.
 * One pass over the text; malformed input is read as browsers read it. What comes out holds no tag, not even one that
 * was written with character references.
 */
import { decodeEntities } from './html/entities.ts';
import { readTag, type Tag } from './html/tag.ts';
import { darkens, isHidden } from './html/visibility.ts';
import { isObject } from './json.ts';

/** Zero-width, bidirectional controls, fillers, variation selectors, Unicode tags; and controls, but for those of lines. */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\u{fff9}-\u{fffb}]--[\t\n\f\r]]/gv;

/** Their inside is no markup, and goes with them. */
const RAW = new Set(['script', 'style', 'iframe', 'noembed', 'noframes', 'xmp']);
/** Their inside is no markup, and a reader sees it. */
const PLAIN = new Set(['textarea', 'listing', 'plaintext']);
/** `<svg/>` has no inside. */
const FOREIGN = new Set(['svg', 'math']);
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** One of these ends another that is still open. */
const SIBLINGS = new Set('p li dt dd tr td th option'.split(' '));
const BLOCKS = new Set(
  'address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);

/** Text without `<` and `&` loses only what is invisible. */
export function stripHtml(html: string): string {
  if (!html.includes('<')) return safe(decodeEntities(html));
  const page = new Page();
  const isMarkup = read(html, page);
  const text = safe(decodeEntities(page.text));
  return isMarkup ? tidy(text) : text;
}

/** JSON with every text in it stripped; keys stay. */
export function stripHtmlIn<T>(value: T): T {
  // A copy has the shape of what was given.
  return strip(value) as T;
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') return stripHtml(value);
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strip(one)]));
}

/** What is open, and what was seen of it. */
class Page {
  text = '';
  readonly #open: { readonly name: string; readonly dark: boolean }[] = [];
  /** Open elements by name. */
  readonly #counts = new Map<string, number>();
  /** Place of the outermost hidden element among the open ones; -1: none is. */
  #hiddenAt = -1;

  add(text: string): void {
    if (this.#hiddenAt === -1) this.text += text;
  }

  begin(tag: Tag): void {
    const { name, attributes } = tag;
    const top = this.#open.at(-1)?.name;
    if (top !== undefined && ((top === name && SIBLINGS.has(name)) || (top === 'p' && BLOCKS.has(name)))) this.#pop();
    this.#separate(name);
    if (VOID.has(name)) return;
    const dark = this.#open.at(-1)?.dark ?? false;
    if (this.#hiddenAt === -1 && isHidden(tag, dark)) this.#hiddenAt = this.#open.length;
    this.#open.push({ name, dark: darkens(attributes) ?? dark });
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Closes what is open inside of it too; one that was not begun ends nothing. */
  end(name: string): void {
    const wanted = this.#counts.get(name) ?? 0;
    if (wanted > 0) while (this.#counts.get(name) === wanted) this.#pop();
    this.#separate(name);
  }

  #separate(name: string): void {
    if (BLOCKS.has(name)) this.add('\n');
    else if (name === 'td' || name === 'th') this.add(' ');
  }

  #pop(): void {
    const { name } = this.#open.pop()!;
    this.#counts.set(name, this.#counts.get(name)! - 1);
    if (this.#open.length <= this.#hiddenAt) this.#hiddenAt = -1;
  }
}

/** True where there was anything but text. */
function read(html: string, page: Page): boolean {
  const lastEnd = html.lastIndexOf('>');
  let isMarkup = false;
  let at = 0;
  for (let open = html.indexOf('<'); open !== -1; open = html.indexOf('<', at)) {
    page.add(html.slice(at, open));
    at = next(html, open, lastEnd, page);
    if (at === open + 1) page.add('<');
    else isMarkup = true;
  }
  page.add(html.slice(at));
  return isMarkup;
}

/** Offset after what begins with this `<`; the next character where it begins nothing. */
function next(html: string, open: number, lastEnd: number, page: Page): number {
  if (html.startsWith('<!--', open)) return afterComment(html, open);
  const kind = /^<(?:([!?])|\/?([A-Za-z])|(\/))/.exec(html.slice(open, open + 3));
  // Where nothing is closed any more it is a sign, as in `a <b`.
  if (kind === null || open > lastEnd) return open + 1;
  if (kind[2] === undefined) return after(html, open);
  const tag = readTag(html, open);
  if (tag === null) return html.length;
  if (tag.closes) page.end(tag.name);
  else if (RAW.has(tag.name)) return afterRaw(html, tag);
  else if (PLAIN.has(tag.name)) return plain(html, tag, page);
  // Elsewhere the slash means nothing.
  else if (!FOREIGN.has(tag.name) || html[tag.end - 2] !== '/') page.begin(tag);
  return tag.end;
}

/** Behind the next `>`. */
function after(html: string, from: number): number {
  const found = html.indexOf('>', from);
  return found === -1 ? html.length : found + 1;
}

/** `<!-->` and `<!--->` are whole; `--!>` ends one too. */
function afterComment(html: string, open: number): number {
  const end = /<!--(?:-?>)|--!?>/g;
  end.lastIndex = open;
  return end.exec(html) === null ? html.length : end.lastIndex;
}

/** The end tag of an element whose inside is no markup; undefined: there is none. */
function endOf(html: string, { name, end }: Tag): { readonly from: number; readonly to: number } | undefined {
  const close = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi');
  close.lastIndex = end;
  const found = close.exec(html);
  return found === null ? undefined : { from: found.index, to: after(html, found.index) };
}

const afterRaw = (html: string, tag: Tag): number => endOf(html, tag)?.to ?? html.length;

function plain(html: string, tag: Tag, page: Page): number {
  const close = endOf(html, tag) ?? { from: html.length, to: html.length };
  page.begin(tag);
  page.add(html.slice(tag.end, close.from));
  page.end(tag.name);
  return close.to;
}

/** Without what is invisible, and with a space after each `<` that could begin a tag. */
function safe(text: string): string {
  return text.replace(INVISIBLE, '').replace(/<(?=[A-Za-z/!?])/g, '< ');
}

/** Space as a page shows it. */
function tidy(text: string): string {
  return text
    .replace(/[ \t\f\r\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
