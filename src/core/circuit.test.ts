import { describe, expect, test } from 'vitest';
import { type Circuit, CLOSED, probed, settled, told, verdictOf } from './circuit.ts';
import { type ErrorCode, MyelinError } from './errors.ts';

const policy = { threshold: 10, windowMs: 30_000, resetMs: 20_000 };
const T = 1_000_000;

const after = (circuit: Circuit, calls: number, failures: number, now = T) =>
  told(circuit, { calls, failures, pauseMs: 0 }, policy, now);
const OPEN = after(CLOSED, 10, 10);

describe('a closed circuit', () => {
  test('opens with as many failures as the threshold, where they are at least half of the calls', () => {
    expect(after(CLOSED, 9, 9).state).toBe('closed');
    expect(after(CLOSED, 20, 10)).toMatchObject({ state: 'open', until: T + 20_000 });
    expect(after(CLOSED, 21, 10).state).toBe('closed');
  });

  test('adds up what comes within the window, from the first failure on', () => {
    const first = after(CLOSED, 5, 5);
    expect(first).toMatchObject({ since: T, calls: 5, failures: 5 });
    expect(after(first, 5, 5, T + 29_999).state).toBe('open');
    expect(after(first, 6, 4, T + 1)).toMatchObject({ state: 'closed', calls: 11, failures: 9, since: T });
    expect(after(first, 5, 5, T + 30_000)).toMatchObject({ state: 'closed', failures: 5, since: T + 30_000 });
  });

  test('begins no window by calls that went well', () => {
    expect(after(CLOSED, 5, 0)).toBe(CLOSED);
    expect(after(after(CLOSED, 1, 1), 5, 0, T + 1)).toMatchObject({ calls: 6, failures: 1 });
  });

  test('opens at once for as long as the dependency asks', () => {
    const limited = told(CLOSED, { calls: 1, failures: 0, pauseMs: 90_000 }, policy, T);
    expect(limited).toMatchObject({ state: 'open', until: T + 90_000 });
  });

  test('has no probe', () => {
    expect(probed(CLOSED, 'p', 1, T)).toBe(CLOSED);
  });
});

describe('an open circuit', () => {
  test('counts nothing, but stays open longer where it is asked to', () => {
    expect(after(OPEN, 50, 50, T + 5)).toEqual(OPEN);
    expect(told(OPEN, { calls: 1, failures: 0, pauseMs: 60_000 }, policy, T).until).toBe(T + 60_000);
    expect(told(OPEN, { calls: 1, failures: 0, pauseMs: 1 }, policy, T)).toEqual(OPEN);
  });

  test('lets one probe through when its time has come, and another when that one is given up', () => {
    expect(probed(OPEN, 'p', 60_000, T + 19_999)).toBe(OPEN);
    const half = probed(OPEN, 'p', 60_000, T + 20_000);
    expect(half).toMatchObject({ state: 'half_open', probe: 'p', until: T + 80_000 });
    expect(probed(half, 'q', 60_000, T + 79_999)).toBe(half);
    expect(probed(half, 'q', 60_000, T + 80_000)).toMatchObject({ probe: 'q' });
  });
});

describe('a half-open circuit', () => {
  const half = probed(OPEN, 'p', 60_000, T + 20_000);
  const now = T + 21_000;

  test('hears nobody but its probe', () => {
    expect(after(half, 50, 50)).toBe(half);
    expect(settled(half, 'other', verdictOf(undefined), policy, now)).toBe(half);
  });

  test.each([
    ['well', undefined, { state: 'closed', failures: 0, probe: null }],
    ['ill', new MyelinError('timeout').toInfo(), { state: 'open', until: now + 20_000, probe: null }],
    ['unknown', new MyelinError('interrupted').toInfo(), { state: 'open', until: now, probe: null }],
    [
      'limited',
      new MyelinError('http_rate_limited', undefined, { retryAfterMs: 5_000 }).toInfo(),
      { state: 'open', until: now + 5_000 },
    ],
  ])('goes by what the probe found: %s', (_, error, expected) => {
    expect(settled(half, 'p', verdictOf(error), policy, now)).toMatchObject(expected);
  });
});

describe('the verdict of an attempt', () => {
  test.each<[ErrorCode, string]>([
    ['connection_failed', 'ill'],
    ['timeout', 'ill'],
    ['http_server_error', 'ill'],
    ['model_failed', 'ill'],
    ['http_client_error', 'well'],
    ['http_rate_limited', 'well'],
    ['output_invalid', 'well'],
    ['interrupted', 'none'],
    ['egress_denied', 'none'],
    ['secret_missing', 'none'],
    ['circuit_open', 'none'],
  ])('%s says: %s', (code, is) => {
    expect(verdictOf(new MyelinError(code).toInfo())).toEqual({ is, pauseMs: 0 });
  });

  test('a limit of rates is a pause, an overload is not', () => {
    const asks = { retryAfterMs: 7_000 };
    expect(verdictOf(new MyelinError('rate_limited', '', asks).toInfo()).pauseMs).toBe(7_000);
    expect(verdictOf(new MyelinError('http_server_error', '', asks).toInfo()).pauseMs).toBe(0);
  });
});
