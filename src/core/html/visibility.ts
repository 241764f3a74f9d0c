/** Whether a reader of the page would see what stands in an element, as far as the element itself says. */
import type { Tag } from './tag.ts';

/** What they hold is no text for a reader. */
const UNSEEN: ReadonlySet<string> = new Set(
  'title template svg math object applet audio video canvas datalist select dialog noscript frameset map'.split(' '),
);

/** `onDark`: something around it has a background on which white text can be read. */
export function isHidden({ name, attributes }: Tag, onDark: boolean): boolean {
  if (attributes.has('hidden') || attributes.get('aria-hidden')?.trim().toLowerCase() === 'true') return true;
  if (name === 'dialog' && attributes.has('open')) return false;
  if (UNSEEN.has(name)) return true;
  if (name === 'font' && !onDark && isPale(tidy(attributes.get('color') ?? ''))) return true;
  const style = attributes.get('style');
  return style !== undefined && hides(declarations(style), darkens(attributes) ?? onDark);
}

/** Whether white text can be read on its own background; undefined: it has none. */
export function darkens(attributes: ReadonlyMap<string, string>): boolean | undefined {
  const style = declarations(attributes.get('style') ?? '');
  const color = style.get('background-color') ?? style.get('background') ?? tidy(attributes.get('bgcolor') ?? '');
  if (color === '' || /^(?:none|inherit|initial|unset|0)/.test(color)) return undefined;
  return !isPale(color) && /^(?:#|rgb|hsl|[a-z]+(?: |$))/.test(color);
}

function hides(style: ReadonlyMap<string, string>, onDark: boolean): boolean {
  for (const [property, value] of style) {
    if (RULES[property]?.(value)) return true;
  }
  const color = style.get('color') ?? '';
  return color !== '' && ((!onDark && isPale(color)) || color === style.get('background-color'));
}

const isZero = (value: string): boolean => /^[+-]?0*(?:\.0*)?(?:[a-z]+|%)?$/.test(value) && /0/.test(value);
const isNearZero = (value: string): boolean => isZero(value) || /^[+]?0*1?(?:\.\d+)?(?:px|pt)$/.test(value);
/** Farther out than any page is wide. */
const isFarOff = (value: string): boolean => /^-\d{3,}(?:\.\d+)?[a-z]*$/.test(value);

const RULES: { readonly [property: string]: ((value: string) => boolean) | undefined } = {
  display: (value) => value === 'none',
  visibility: (value) => value === 'hidden' || value === 'collapse',
  'content-visibility': (value) => value === 'hidden',
  opacity: (value) => isZero(value) || /^0*\.0\d*%?$/.test(value),
  'font-size': isNearZero,
  font: (value) => /(?:^| )0(?:px|pt|em|%)?(?:\/| )/.test(value),
  width: isZero,
  height: isZero,
  'max-width': isZero,
  'max-height': isZero,
  left: isFarOff,
  right: isFarOff,
  top: isFarOff,
  'margin-left': isFarOff,
  'text-indent': isFarOff,
  clip: (value) => /^rect\((?:[01](?:px)?[ ,]*){4}\)$/.test(value),
  'clip-path': (value) => /^inset\((?:[5-9]\d|100)%/.test(value) || /^circle\(0/.test(value),
  transform: (value) => /scale[xy]?\(0(?:\.0*)?[),]/.test(value),
  'mso-hide': (value) => value === 'all',
};

/** Far longer than any color. */
const LONGEST_COLOR = 64;

/** White or nearly so, or nothing at all. */
const isPale = (color: string): boolean =>
  color.length <= LONGEST_COLOR &&
  /^(?:(?:white|snow|transparent|#f{3,4}|#(?:f[0-9a-f]){3,4}|#[0-9a-f]{3}0|#[0-9a-f]{6}00)(?![0-9a-z])|rgba?\((?:(?:25[0-5]|24\d|100%)[ ,]+){2}(?:25[0-5]|24\d|100%).*\)|(?:rgb|hsl)a?\(.*[,/] ?0(?:\.0*)?%?\)|hsla?\(.*[, ]100%.*\))/.test(
    color,
  );

/** By property; the last of a name counts. Comments and escapes are read as a browser reads them. */
function declarations(style: string): ReadonlyMap<string, string> {
  const bare = style
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '')
    .replace(/\\([0-9A-Fa-f]{1,6})\s?/g, (_, hex: string) => codeOf(Number.parseInt(hex, 16)))
    .replaceAll('\\', '');
  const found = new Map<string, string>();
  for (const declaration of bare.split(';')) {
    const colon = declaration.indexOf(':');
    if (colon !== -1) found.set(tidy(declaration.slice(0, colon)), tidy(declaration.slice(colon + 1)));
  }
  return found;
}

const codeOf = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '');

const tidy = (text: string): string => text.toLowerCase().split('!')[0]!.replace(/\s+/g, ' ').trim();
