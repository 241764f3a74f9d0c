import { describe, expect, test } from 'vitest';
import { classify, diagnose, fingerprintOf } from './dead-letter.ts';
import { CATEGORIES, ERRORS, type ErrorCode, type ErrorInfo, MyelinError } from './errors.ts';
import { DEFAULT_RULES, LONGEST_RETRY_MS, retryAt } from './retry-rule.ts';

const info = (code: ErrorCode, data?: unknown): ErrorInfo => new MyelinError(code, 'it broke', data).toInfo();
const own = (code: string, kind: ErrorInfo['kind']): ErrorInfo => ({ code, kind, message: 'own' });

describe('the category', () => {
  test('is that of the row of the table', () => {
    for (const [code, { category }] of Object.entries(ERRORS)) {
      expect(classify(info(code as ErrorCode)).category).toBe(category);
    }
  });

  test.each([
    ['http_client_error', 401, 'auth'],
    ['http_client_error', 403, 'auth'],
    ['http_client_error', 404, 'validation'],
    ['http_rate_limited', 408, 'timeout'],
    ['http_rate_limited', 425, 'rate_limit'],
    ['http_rate_limited', 429, 'rate_limit'],
    ['http_server_error', 500, 'connectivity'],
    ['http_server_error', 504, 'timeout'],
    ['model_failed', 429, 'rate_limit'],
  ] as const)('of %s goes by the status %i: %s', (code, status, category) => {
    expect(classify(info(code, { status })).category).toBe(category);
  });

  test('of other errors does not go by a status', () => {
    expect(classify(info('code_failed', { status: 401 })).category).toBe('bug');
  });

  test('of a child is that of what failed in it, however deep', () => {
    const inner = info('http_client_error', { status: 403 });
    const child = info('child_failed', { executionId: 'e', error: inner });
    expect(classify(child).category).toBe('auth');
    expect(classify(info('child_failed', { error: child })).category).toBe('auth');
    for (const data of [undefined, {}, { error: 'text' }, { error: {} }]) {
      expect(classify(info('child_failed', data)).category).toBe('unknown');
    }
    let deep = inner;
    for (let depth = 0; depth < 200; depth++) deep = info('child_failed', { error: deep });
    expect(classify(deep).category).toBe('unknown');
  });

  test('of what could not be undone is that of the first compensation that failed', () => {
    const failed = [{ path: 'refund', error: info('timeout') }];
    expect(classify(info('compensation_failed', { cause: info('code_failed'), failed })).category).toBe('timeout');
    expect(classify(info('compensation_failed', { failed: [] })).category).toBe('unknown');
  });

  test('of a code of its own is what its author made it', () => {
    expect(classify(own('no_customer', 'permanent')).category).toBe('unknown');
    expect(classify(own('busy', 'transient')).category).toBe('connectivity');
    expect(classify(own('rate_limit', 'transient')).category).toBe('rate_limit');
    expect(classify(own('constructor', 'permanent')).category).toBe('unknown');
  });
});

test('the action is what the table says, or where to look', () => {
  expect(classify(info('secret_missing')).action).toBe(ERRORS.secret_missing.mend);
  expect(classify(own('no_customer', 'permanent')).action).toContain('`fail`');
});

test('a letter says what is wrong, what to do, and what it has in common with others', () => {
  const { mend: action } = ERRORS.timeout;
  const fingerprint = 'timeout fetch: it broke';
  expect(diagnose(info('timeout'), 'fetch')).toEqual({ category: 'timeout', action, fingerprint });
});

test('a rule never retries what nobody knows the effect of, or what would come to nothing', () => {
  for (const code of ['in_doubt', 'crash_loop', 'execution_corrupt', 'child_failed', 'canceled'] as const) {
    expect(classify(info(code)).retryable).toBe(false);
  }
  expect(classify(info('timeout')).retryable).toBe(true);
});

describe('the fingerprint', () => {
  const of = (message: string, path: string | null = 'fetch') =>
    fingerprintOf({ code: 'http_server_error', kind: 'transient', message }, path);

  test('names code, node and message', () => {
    expect(of('fetch: GET shop.example answered.')).toBe('http_server_error fetch: GET shop.example answered.');
    expect(of('It took too long.', null)).toBe('http_server_error: It took too long.');
  });

  test.each([
    ['each[3]/fetch: order 17 of 1,200.50', 'each[14]/fetch: order 18 of 9'],
    [
      'each[0]/fetch: no user 018f3c1e-7a52-7c11-9d5e-3b2f1a0c4d5e',
      'each[1]/fetch: no user 018f3c1e-7a52-7c11-9d5e-aaaaaaaaaaaa',
    ],
    ['each[0]/fetch: "a" is no `b`', 'each[0]/fetch: "other" is no `thing`'],
    ["each[0]/fetch: can't read 'x'", "each[0]/fetch: can't read 'it is'"],
    ['each[0]/fetch: token ab12cd34ef56aa', 'each[0]/fetch: token ff99ee88dd77cc66'],
    ['each[0]/fetch: at 2026-07-01T12:00:00.123Z', 'each[0]/fetch: at 2027-11-30T02:10:59.000Z'],
  ])('is the same for %s and %s', (one, other) => {
    const pathOf = (message: string) => message.slice(0, message.indexOf(':'));
    expect(of(one, pathOf(one))).toBe(of(other, pathOf(other)));
    expect(of(one, pathOf(one))).toContain('each[]/fetch');
  });

  test('differs by what went wrong, and where', () => {
    expect(new Set([of('no answer'), of('no route'), of('no answer', 'send')]).size).toBe(3);
  });

  test('is bounded, on one line, and text that a database takes', () => {
    expect(of('x '.repeat(5_000)).length).toBe(300);
    expect([...of('\u{1F600}'.repeat(500))]).toHaveLength(300);
    expect(of(`a\u0000b\nc \ud83d`)).toBe('http_server_error fetch: a b c \ufffd');
  });
});

describe('rules', () => {
  const [rule] = DEFAULT_RULES;

  test('retry what may pass by itself, and nothing else', () => {
    expect(DEFAULT_RULES.map(({ category }) => category)).toEqual(CATEGORIES);
    const enabled = DEFAULT_RULES.filter((one) => one.enabled).map(({ category }) => category);
    expect(enabled).toEqual(['timeout', 'rate_limit', 'connectivity']);
  });

  test('wait twice as long each time, up to the limit', () => {
    const waits = [0, 1, 2, 3].map((retries) => retryAt(rule!, 1_000_000, retries));
    expect(waits).toEqual([1_300_000, 1_600_000, 2_200_000, null]);
    expect(retryAt({ ...rule!, enabled: false }, 1_000_000, 0)).toBeNull();
    expect(retryAt({ ...rule!, delayMs: LONGEST_RETRY_MS }, 0, 2)).toBe(LONGEST_RETRY_MS);
  });
});
