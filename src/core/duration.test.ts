import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationSchema, formatDuration, parseDuration } from './duration.ts';
import { MyelinError } from './errors.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['3d', 259_200_000],
    ['2w', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    [' 1m1ms ', 60_001],
    ['1.5s', 1_500],
    ['0s', 0],
    [250, 250],
    [0.4, 0],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    ['', /write it like/],
    ['90', /no unit/],
    ['1mo', /months and years/],
    ['3 months', /months and years/],
    ['1M', /months and years/],
    ['2y', /months and years/],
    ['-5s', /write it like/],
    ['5 s', /write it like/],
    ['1e3s', /write it like/],
    ['s', /write it like/],
    ['1h,30m', /write it like/],
    [-1, /write it like/],
    [Number.NaN, /write it like/],
    [Number.POSITIVE_INFINITY, /write it like/],
    ['36526d', /at most 100 years/],
    [`${'9'.repeat(400)}s`, /write it like/],
  ])('refuses %j', (text, message) => {
    expect(() => parseDuration(text)).toThrow(message);
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(() => parseDuration(text)).toThrow(MyelinError);
  });
});

describe('durationSchema', () => {
  it('takes what parseDuration takes', () => {
    expect(durationSchema.parse('1h30m')).toBe('1h30m');
  });

  it.each(['1mo', '90', '', '36526d', `${'1s'.repeat(40)}`])('refuses %j with one message that helps', (text) => {
    const result = durationSchema.safeParse(text);
    expect(result.error?.issues.map((issue) => issue.message)).toHaveLength(1);
  });

  it('says what to write', () => {
    expect(durationSchema.safeParse('1mo').error?.issues[0]?.message).toMatch(/months and years/);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [500, '500ms'],
    [5_400_000, '1h30m'],
    [1_209_600_000, '14d'],
    [90_061_001, '1d1h1m1s1ms'],
    [-1, '0s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back as the same time', () => {
    fc.assert(fc.property(fc.nat(), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});
