/**
 * Regular expressions by RE2, so that no pattern takes exponential time. A search is charged by the text it may look at
 * times the size of the pattern; see `isDirect` for the one case where repeated searches would add up.
 */
import { type Matcher, RE2JS } from 're2js';
import { boundItems, charge, fail } from './budget.ts';
import { attachDetails, isUnsafe } from './members.ts';
import { type Methods, Opaque, table, toText } from './values.ts';

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
  g: 0,
  u: 0,
};

/** One place where a pattern, or a text, was found. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  readonly named: Record<string, string | undefined> | undefined;
}

/**
 * True when a match is known soon after its last character is read: the only repetition without a bound, if any, ends
 * the pattern. Any other may read far past each match (`a*b|a`), so that finding all takes time in the square of the text.
 */
function isDirect(pattern: string): boolean {
  return !/[*+]|\{\d+,\}/.test(pattern.replace(/[*+]\??$/, ''));
}

/** Instructions times characters that make one step: of one search, and of each one more that may read to the end. */
const SEARCH = 512;
const NEXT_SEARCH = 1024;

export class RegexValue extends Opaque {
  readonly kind = 'a regular expression';
  readonly global: boolean;
  readonly #pattern: RE2JS;
  readonly #direct: boolean;

  /** Throws an Error with a reason where the pattern or a flag is not supported. */
  constructor(pattern: string, flags: string) {
    super();
    let bits = 0;
    for (const flag of flags) {
      const bit = FLAGS[flag];
      if (bit === undefined) throw new Error(`the flag ${flag} is not supported`);
      bits |= bit;
    }
    this.global = flags.includes('g');
    this.#pattern = RE2JS.compile(RE2JS.translateRegExp(pattern), bits);
    const names = Object.keys(this.#pattern.namedGroups());
    if (names.some(isUnsafe)) throw new Error('a group has a name that is refused');
    this.#direct = isDirect(pattern);
  }

  get methods(): Methods {
    return REGEX_METHODS;
  }

  member(): unknown {
    return undefined;
  }

  toText(): string {
    return '[object RegExp]';
  }

  toNumber(): number {
    return Number.NaN;
  }

  /** Not plain: the way out refuses it. */
  toPlain(): unknown {
    return fail('a regular expression cannot be a result');
  }

  test(text: string): boolean {
    this.#chargeSearch(text.length, SEARCH);
    return this.#pattern.test(text);
  }

  /** The first place, or with `all` every place, within the bound of an array. */
  find(text: string, all: boolean): Found[] {
    this.#chargeSearch(text.length, SEARCH);
    const matcher = this.#pattern.matcher(text);
    const names = Object.entries(this.#pattern.namedGroups());
    /** The groups take a second search from the same place. */
    const passes = matcher.groupCount() === 0 ? 1 : 2;
    const found: Found[] = [];
    while (matcher.find()) {
      found.push(readMatch(matcher, names));
      if (!all) break;
      boundItems(found.length);
      charge(1 + names.length + matcher.groupCount());
      if (!this.#direct) this.#chargeSearch((text.length - matcher.end()) * passes, NEXT_SEARCH);
    }
    return found;
  }

  #chargeSearch(length: number, perStep: number): void {
    charge(1 + Math.floor((length * this.#pattern.programSize()) / perStep));
  }
}

function readMatch(matcher: Matcher, names: readonly [string, number][]): Found {
  const groups: (string | undefined)[] = [];
  for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.group(i) ?? undefined);
  const named = names.length === 0 ? undefined : Object.fromEntries(names.map(([name, i]) => [name, groups[i]]));
  return { start: matcher.start(), end: matcher.end(), groups, named };
}

/** What `match` shows of one place: the groups, with `index` and `groups` beside them. */
export function toMatch(found: Found): unknown[] {
  return attachDetails([...found.groups], { index: found.start, groups: found.named });
}

export const REGEX_METHODS: Methods = table<unknown>({
  test: (self, [text]) => (self as RegexValue).test(toText(text)),
  exec: (self, [text]) => {
    const [found] = (self as RegexValue).find(toText(text), false);
    return found === undefined ? null : toMatch(found);
  },
});
