/** The functions of `DateTime`, `Duration` and `Date`: what they call now is the `$now` of the environment. */
import { DateTime } from 'luxon';
import { charge, fail } from './budget.ts';
import { DateValue, DurationValue, fromFields, readIso, readOptions, toDuration, toFields } from './date-time.ts';
import type { Env } from './env.ts';
import { type Method, type Methods, table, toNumber, toText } from './values.ts';

/** Fields that `fromFormat` reads; what is not here would need the zone names or the locale of the machine. */
const FORMAT_FIELDS = 'yMLdoHhmsSuakWEcqZ';
const MAX_TEXT = 100;

const now = (env: Env): number => env.$now ?? fail('the time is not known here');

function limited(value: unknown): string {
  charge(2);
  const text = toText(value);
  return text.length > MAX_TEXT ? '' : text;
}

/**
 * luxon turns a format into a host regular expression. With each field once, as here, it cannot backtrack for
 * long; and with a year in it, no missing field is taken from the clock.
 */
function checkFormat(value: unknown): string {
  const format = limited(value);
  const fields = format.replace(/'[^']*'/g, ' ').match(/([A-Za-z])\1*/g) ?? [];
  const letters = fields.map((field) => field.charAt(0));
  const unknown = letters.find((letter) => !FORMAT_FIELDS.includes(letter));
  if (unknown !== undefined) fail(`the format field ${unknown} cannot be read; write plain letters in single quotes`);
  if (new Set(letters).size < letters.length) fail('a format names each field once');
  if (!letters.includes('y') && !letters.includes('k')) fail('the format needs a year');
  charge(50);
  return format;
}

const read =
  (parse: (text: string, options: object) => DateTime): Method =>
  (_, [text, options]) =>
    new DateValue(parse(limited(text), readOptions(options)));

const fromMillis =
  (factor: number): Method =>
  (_, [value, options]) =>
    DateValue.at(toNumber(value) * factor, readOptions(options).zone);

function utc(args: readonly unknown[], env: Env): DateValue {
  if (args.length === 0) return DateValue.at(now(env));
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = args;
  return fromFields(toFields({ year, month, day, hour, minute, second, millisecond }), readOptions(undefined));
}

export const DATE_TIME: Methods = table<unknown>({
  now: (_, __, env) => DateValue.at(now(env)),
  utc: (_, args, env) => utc(args, env),
  fromISO: (_, [text, options]) => new DateValue(readIso(limited(text), readOptions(options))),
  fromMillis: fromMillis(1),
  fromSeconds: fromMillis(1000),
  fromObject: (_, [fields, options]) => fromFields(toFields(fields), readOptions(options)),
  fromHTTP: read((text, options) => DateTime.fromHTTP(text, options)),
  fromRFC2822: read((text, options) => DateTime.fromRFC2822(text, options)),
  fromSQL: read((text, options) =>
    /^\d{4}/.test(text) ? DateTime.fromSQL(text, options) : DateTime.invalid('unparsable'),
  ),
  fromFormat: (_, [text, format, options]) =>
    new DateValue(DateTime.fromFormat(limited(text), checkFormat(format), readOptions(options))),
});

export const DURATION: Methods = table<unknown>({
  fromISO: (_, [text]) => new DurationValue(toDuration(limited(text))),
  fromObject: (_, [units]) => new DurationValue(toDuration(units)),
  fromMillis: (_, [millis]) => new DurationValue(toDuration(toNumber(millis))),
});

function parse(text: string): number {
  const iso = readIso(text, readOptions(undefined));
  return (iso.isValid ? iso : DateTime.fromRFC2822(text, { zone: 'utc' })).toMillis();
}

export const DATE: Methods = table<unknown>({
  now: (_, __, env) => now(env),
  parse: (_, [text]) => parse(limited(text)),
  UTC: (_, [year, month, ...rest]) =>
    Date.UTC(toNumber(year), month === undefined ? 0 : toNumber(month), ...rest.slice(0, 5).map(toNumber)),
});
