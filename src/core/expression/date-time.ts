/**
 * Dates and durations of an expression: luxon inside, out of reach in a private field, and outside only the properties
 * and methods of the tables below. Nothing reads the clock, the locale or the zone of this machine.
 */
import { DateTime, type DateTimeUnit, Duration, type DurationLikeObject, type DurationUnit } from 'luxon';
import { charge, fail } from './budget.ts';
import { isPlainObject, type Method, type Methods, Opaque, table, toNumber, toText } from './values.ts';
import { toZone } from './zone.ts';

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];
const DURATION_KEYS: ReadonlyMap<string, DurationUnit> = new Map(
  UNITS.flatMap((unit) => [[unit, `${unit}s`] as const, [`${unit}s`, `${unit}s`] as const]) as [string, DurationUnit][],
);
const SET_KEYS: ReadonlySet<string> = new Set([
  ...['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond', 'weekday', 'weekNumber', 'weekYear'],
  'ordinal',
]);
const DATE_MEMBERS: ReadonlySet<string> = new Set([
  ...['year', 'quarter', 'month', 'day', 'weekday', 'weekNumber', 'weekYear', 'hour', 'minute', 'second'],
  ...['millisecond', 'ordinal', 'daysInMonth', 'daysInYear', 'isInLeapYear', 'isValid', 'offset', 'zoneName'],
  ...['monthLong', 'monthShort', 'weekdayLong', 'weekdayShort'],
]);
const MAX_FORMAT = 100;
const LOCALE = 'en-US';
/** luxon's year and month names come from Intl, which costs more than a plain call. */
const FORMAT_STEPS = 20;

/** What `DateTime.fromISO(text, options)` and its siblings take. */
interface ReadOptions {
  readonly zone: string;
  readonly setZone: boolean;
  readonly locale: string;
}

export class DateValue extends Opaque {
  readonly kind = 'a DateTime';
  readonly #inner: DateTime;

  constructor(inner: DateTime) {
    super();
    this.#inner = inner;
  }

  /** Milliseconds since the epoch, in UTC. */
  static at(millis: number, zone = 'utc'): DateValue {
    return new DateValue(DateTime.fromMillis(millis, { zone, locale: LOCALE }));
  }

  get methods(): Methods {
    return DATE_METHODS;
  }

  static inner(value: DateValue): DateTime {
    return value.#inner;
  }

  member(name: string): unknown {
    return DATE_MEMBERS.has(name) ? this.#inner[name as 'year'] : undefined;
  }

  toText(): string {
    return this.#inner.toISO() ?? 'Invalid DateTime';
  }

  toNumber(): number {
    return this.#inner.toMillis();
  }

  toPlain(): unknown {
    return this.#inner.toISO();
  }
}

export class DurationValue extends Opaque {
  readonly kind = 'a Duration';
  readonly #inner: Duration;

  constructor(inner: Duration) {
    super();
    this.#inner = inner;
  }

  get methods(): Methods {
    return DURATION_METHODS;
  }

  static inner(value: DurationValue): Duration {
    return value.#inner;
  }

  member(name: string): unknown {
    if (name === 'isValid') return this.#inner.isValid;
    return DURATION_KEYS.get(name) === name ? this.#inner[name as 'years'] : undefined;
  }

  toText(): string {
    return this.#inner.toISO() ?? 'Invalid Duration';
  }

  toNumber(): number {
    return this.#inner.toMillis();
  }

  toPlain(): unknown {
    return this.#inner.toISO();
  }
}

const inner = (self: unknown): DateTime => DateValue.inner(self as DateValue);
const date = (value: DateTime): DateValue => new DateValue(value);
const duration = (value: Duration): DurationValue => new DurationValue(value);

/** The options of a reading function; the zone is UTC where none is named. */
export function readOptions(value: unknown): ReadOptions {
  const options = isPlainObject(value) ? value : {};
  const zone = options.zone === undefined ? 'utc' : toZone(options.zone);
  return { zone, setZone: options.setZone === true, locale: LOCALE };
}

/** A date argument: a DateTime, or an ISO text. */
function toDate(value: unknown): DateTime {
  if (value instanceof DateValue) return DateValue.inner(value);
  if (typeof value === 'string') return readIso(value, readOptions(undefined));
  return fail('a DateTime or an ISO text is needed');
}

/** A time without a date would be today's, which only the clock knows: such a text is no date. */
export function readIso(text: string, options: ReadOptions): DateTime {
  charge(2);
  if (text.length > 100 || !/^[+-]?\d{4}/.test(text)) return DateTime.invalid('unparsable');
  return DateTime.fromISO(text, options);
}

/** A duration argument: an object of units, a Duration, an ISO text such as `P1D`, or milliseconds. */
export function toDuration(value: unknown): Duration {
  if (value instanceof DurationValue) return DurationValue.inner(value);
  if (typeof value === 'number') return Duration.fromMillis(value, { locale: LOCALE });
  if (typeof value === 'string' && value.length <= 100) return Duration.fromISO(value, { locale: LOCALE });
  if (!isPlainObject(value)) return fail('a duration such as {days: 1} is needed');
  return Duration.fromObject(toUnits(value, (key) => DURATION_KEYS.get(key)) as DurationLikeObject, { locale: LOCALE });
}

/** The fields of a date, checked, for `set` and `fromObject`. */
export function toFields(value: unknown): Record<string, number> {
  if (!isPlainObject(value)) return fail('fields such as {hour: 8} are needed');
  return toUnits(value, (key) => (SET_KEYS.has(key) ? key : undefined));
}

function toUnits(value: Record<string, unknown>, name: (key: string) => string | undefined): Record<string, number> {
  const units: Record<string, number> = {};
  for (const key of Object.keys(value)) {
    const unit = name(key) ?? fail('it was given a unit of time that is not known');
    const number = toNumber(value[key]);
    if (!Number.isFinite(number)) fail(`${unit} is not a number`);
    units[unit] = number;
  }
  return units;
}

function toUnit(value: unknown): DateTimeUnit {
  const unit = typeof value === 'string' ? DURATION_KEYS.get(value) : undefined;
  return (unit ?? fail('a unit such as day is needed')).slice(0, -1) as DateTimeUnit;
}

function toFormat(value: unknown): string {
  charge(FORMAT_STEPS);
  const format = toText(value);
  return format.length > MAX_FORMAT ? fail(`a format has at most ${MAX_FORMAT} characters`) : format;
}

/** luxon throws on mixed fields such as `ordinal` with `day`, and on numbers out of all range. */
function guarded(run: () => DateTime): DateValue {
  try {
    return date(run());
  } catch {
    return fail('these fields do not make a date');
  }
}

const setFields = (base: DateTime, fields: Record<string, number>): DateValue => guarded(() => base.set(fields));

export const fromFields = (fields: Record<string, number>, options: ReadOptions): DateValue =>
  fields.year === undefined && fields.weekYear === undefined
    ? fail('a date needs its year')
    : guarded(() => DateTime.fromObject(fields, options));

const difference = (self: DateTime, other: DateTime, units: unknown): DurationValue => {
  charge(FORMAT_STEPS);
  const list = units === undefined ? ['millisecond'] : Array.isArray(units) ? units.slice(0, UNITS.length) : [units];
  return duration(self.diff(other, list.map(toUnit), { locale: LOCALE } as object));
};

const millis: Method = (self) => inner(self).toMillis();

export const DATE_METHODS: Methods = table<unknown>({
  plus: (self, [by]) => date(inner(self).plus(toDuration(by))),
  minus: (self, [by]) => date(inner(self).minus(toDuration(by))),
  set: (self, [fields]) => setFields(inner(self), toFields(fields)),
  startOf: (self, [unit]) => date(inner(self).startOf(toUnit(unit))),
  endOf: (self, [unit]) => date(inner(self).endOf(toUnit(unit))),
  diff: (self, [other, units]) => difference(inner(self), toDate(other), units),
  hasSame: (self, [other, unit]) => inner(self).hasSame(toDate(other), toUnit(unit)),
  equals: (self, [other]) => other instanceof DateValue && inner(self).equals(DateValue.inner(other)),
  setZone: (self, [zone]) => date(inner(self).setZone(toZone(zone))),
  toUTC: (self) => date(inner(self).toUTC()),
  toFormat: (self, [format]) => inner(self).toFormat(toFormat(format)),
  toISO: (self) => inner(self).toISO(),
  toISODate: (self) => inner(self).toISODate(),
  toISOTime: (self) => inner(self).toISOTime(),
  toHTTP: (self) => inner(self).toHTTP(),
  toRFC2822: (self) => inner(self).toRFC2822(),
  toSQL: (self) => inner(self).toSQL(),
  toObject: (self) => ({ ...inner(self).toObject() }),
  toMillis: millis,
  valueOf: millis,
  toSeconds: (self) => inner(self).toSeconds(),
  toUnixInteger: (self) => inner(self).toUnixInteger(),
  toString: (self: unknown) => (self as DateValue).toText(),
  toJSON: (self) => inner(self).toISO(),
});

const span = (self: unknown): Duration => DurationValue.inner(self as DurationValue);

export const DURATION_METHODS: Methods = table<unknown>({
  as: (self, [unit]) => span(self).as(toUnit(unit)),
  plus: (self, [other]) => duration(span(self).plus(toDuration(other))),
  minus: (self, [other]) => duration(span(self).minus(toDuration(other))),
  negate: (self) => duration(span(self).negate()),
  shiftTo: (self, units) => duration(span(self).shiftTo(...units.slice(0, UNITS.length).map(toUnit))),
  toFormat: (self, [format]) => span(self).toFormat(toFormat(format)),
  toMillis: (self) => span(self).toMillis(),
  valueOf: (self: unknown) => span(self).toMillis(),
  toISO: (self) => span(self).toISO(),
  toObject: (self) => ({ ...span(self).toObject() }),
  toString: (self: unknown) => (self as DurationValue).toText(),
  toJSON: (self) => span(self).toISO(),
});
