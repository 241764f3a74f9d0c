/**
 * What the rules of masking find. Each pattern reads a place of the text a bounded number of times, so that finding
 * all takes time in proportion to the text. Where a form is no more than digits, as ids, times and prices are, it must
 * prove itself: by a check digit, or by the signs that people write between.
 */
import { ibanLength } from './iban.ts';

/** Those with the surest signs first: what they have masked, the others do not see. */
export const RULES = ['email', 'iban', 'card', 'ip', 'phone'] as const;
export type RuleName = (typeof RULES)[number];

export interface Rule {
  /** False: nothing can be found in the text. */
  maybe(text: string): boolean;
  /** With the flag `g`. */
  readonly pattern: RegExp;
  /** Characters of the match, from its beginning, that are what the rule looks for; 0: it is something else. */
  accept(match: string): number;
}

const whole = (match: string): number => match.length;
const digitsOf = (text: string): string => text.replace(/\D/g, '');
const DIGIT = /\d/;
const SEPARATED = /[ \u00a0./()-]/;
/** A part of a UUID can have the form of something else, and by chance its check digits too. */
const HEX4 = '[0-9A-Fa-f]{4}';
const NO_UUID = `(?!${HEX4}(?:${HEX4}-){4}${HEX4.repeat(3)}(?![A-Za-z0-9]))`;
const NOT_INSIDE_UUID = `(?<!${HEX4}-(?=(?:${HEX4}-){1,3}${HEX4.repeat(3)}(?![A-Za-z0-9])))`;

/** Also as it stands in an address, with `%40`. */
const email: Rule = {
  maybe: (text) => text.includes('@') || text.includes('%40'),
  pattern: /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,63}/gu,
  accept: whole,
};

/** With its country code, in the North American form, or in a national form with its leading 0. */
const phone: Rule = {
  maybe: (text) => DIGIT.test(text),
  pattern: new RegExp(
    [
      String.raw`(?<![\p{L}\p{N}+])\+[1-9](?:[ \u00a0./()-]{0,2}\d){7,14}(?!\d|,\d)`,
      String.raw`(?<![\p{L}\p{N}.,+-]|\d[ \u00a0])${NO_UUID}00[1-9](?:[ \u00a0./()-]{0,2}\d){8,13}(?!\d|,\d)`,
      String.raw`(?<![\p{L}\p{N}.,+-]|\d[ \u00a0])(?:1[ .-])?(?:\([2-9]\d{2}\)[ \u00a0]?|[2-9]\d{2}[-. \u00a0])\d{3}[-. \u00a0]\d{4}(?![\p{L}\p{N}-]|[.,]\d)`,
      String.raw`(?<![\p{L}\p{N}.,:+-]|\d[ \u00a0])0[1-9](?:[ \u00a0.-]\d{2}){4}(?![\p{L}\p{N}-]|[.,:]\d)`,
      String.raw`(?<![\p{L}\p{N}.,:+-]|\d[ \u00a0])\(?0[1-9]\d{0,4}\)?[ \u00a0/-]\d{3,8}(?:[ \u00a0-]\d{2,4}){0,3}(?![\p{L}\p{N}-]|[.,:]\d)`,
    ].join('|'),
    'gu',
  ),
  accept: (match) => {
    const { length } = digitsOf(match);
    if (match.startsWith('+')) return match.length;
    return length >= 9 && length <= 15 && SEPARATED.test(match) ? match.length : 0;
  },
};

/** As long as cards are, with a beginning that one of the networks has, and the right check digit (Luhn). */
const card: Rule = {
  maybe: (text) => DIGIT.test(text),
  pattern:
    /(?<![A-Za-z0-9]|\d\.)(?:\d{13,19}|\d{4}([ \u00a0.-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ \u00a0.-])\d{6}\2\d{4,5})(?![A-Za-z0-9]|\.\d)/g,
  accept: (match) => (isCard(digitsOf(match)) ? match.length : 0),
};

const iban: Rule = {
  maybe: (text) => DIGIT.test(text),
  pattern: new RegExp(
    String.raw`(?<![A-Za-z0-9])${NOT_INSIDE_UUID}${NO_UUID}[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}`,
    'g',
  ),
  accept: ibanLength,
};

const ip: Rule = {
  maybe: (text) => text.includes('.') || text.includes(':'),
  pattern:
    /(?<![\w.:])(?:(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)|(?=[:0-9A-Fa-f]*\d)(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4})(?![\w:]))/g,
  accept: (match) => ((match.includes(':') ? isIpv6(match) : isIpv4(match)) ? match.length : 0),
};

export const RULE: Readonly<Record<RuleName, Rule>> = { email, phone, card, iban, ip };

/** Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, Maestro. */
const NETWORKS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12,15}|62\d{14,17}|(?:50|5[6-8]|63|67)\d{11,17})$/;

/** Digits without anything between. */
export function isCard(digits: string): boolean {
  if (!NETWORKS.test(digits)) return false;
  let sum = 0;
  for (let at = 1; at <= digits.length; at++) {
    const digit = Number(digits[digits.length - at]);
    const counted = at % 2 === 0 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

const isIpv4 = (text: string): boolean =>
  text.split('.').every((part) => Number(part) <= 255 && (part === '0' || !part.startsWith('0')));

/** Eight groups, or fewer around one `::`; the last two may be written as IPv4. A time of the day has three. */
function isIpv6(text: string): boolean {
  const [last = ''] = text.split(':').slice(-1);
  if (last.includes('.') && !isIpv4(last)) return false;
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.includes('')) return false;
  const count = groups.length + (last.includes('.') ? 1 : 0);
  return halves.length === 1 ? count === 8 : halves.length === 2 && count < 8;
}
