import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MyelinError } from './errors.ts';
import { assertSafe, isUnsafeKey, parseJson } from './safe-json.ts';

const thrownBy = (act: () => unknown): MyelinError => {
  try {
    act();
  } catch (error) {
    if (error instanceof MyelinError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const nested = (open: string, close: string, levels: number): string => open.repeat(levels) + close.repeat(levels);

describe('parseJson', () => {
  it('yields what JSON.parse yields', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        fc.pre(!/proto|constructor/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('names the position of a fault and does not quote the text', () => {
    const error = thrownBy(() => parseJson('{\n  "password": hunter2\n}'));
    expect(error.code).toBe('invalid_json');
    expect(error.data).toEqual({ position: 16 });
    expect(error.message).toBe('The JSON is not well-formed, at position 16 (line 2, column 15).');
    expect(thrownBy(() => parseJson('{"a":')).message).toMatch(/ends too early, at position 5 /);
  });

  it.each([
    '{"__proto__":{"polluted":true}}',
    '{"a":[{"constructor":1}]}',
    '{"prototype":null}',
    '{"\\u005f_proto__":1}',
    '{"\\u005F\\u005fproto\\u005f_":1}',
    '{"__pro\\u0074o__":1}',
    '{"c\\u006fnstructor":1}',
    '{"\\u0063\\u006f\\u006e\\u0073\\u0074\\u0072\\u0075\\u0063\\u0074\\u006f\\u0072":1}',
    '{"proto\\u0074ype":1}',
    `[${'{"a":"\\u00e9"},'.repeat(300)}{"__proto__":1}]`,
  ])('refuses the key in %j', (text) => {
    expect(thrownBy(() => parseJson(text)).code).toBe('unsafe_key');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each(['{"a":"__proto__"}', '["constructor"]', '{"protocol":"https"}', '{"a":"\\u00e9\\\\u005f"}'])(
    'takes %j: an unsafe name as a value, or part of a longer key, is harmless',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('takes 100 levels of %s, not 101', (open, close) => {
    const inner = open === '[' ? '' : '1';
    expect(parseJson(open.repeat(100) + inner + close.repeat(100))).toBeDefined();
    expect(thrownBy(() => parseJson(open.repeat(101) + inner + close.repeat(101))).code).toBe('too_deep');
  });

  it('counts levels, not brackets: strings, escaped quotes and siblings do not add up', () => {
    const text = JSON.stringify([...Array(300).fill([{}]), '['.repeat(300), `\\"${'{'.repeat(300)}\\\\`, '"[[']);
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it.each([nested('[', ']', 100_000), nested('{"a":[', ']}', 100_000), '['.repeat(100_000), '{"a":'.repeat(100_000)])(
    'does not overflow the stack',
    (text) => {
      expect(thrownBy(() => parseJson(text)).code).toBe('too_deep');
    },
  );

  it('refuses depth in a body that also has suspicious text', () => {
    expect(thrownBy(() => parseJson(`["proto",${nested('[', ']', 101)}]`)).code).toBe('too_deep');
  });
});

describe('assertSafe', () => {
  it('takes plain values, shared ones and scalars', () => {
    const shared = { a: [1, 'two', null, true] };
    expect(() => assertSafe({ x: shared, y: [shared, shared], at: undefined })).not.toThrow();
    expect(() => assertSafe(7)).not.toThrow();
  });

  it('refuses unsafe keys at any place', () => {
    expect(thrownBy(() => assertSafe([{ a: { constructor: 1 } }])).data).toEqual({ key: 'constructor' });
    expect(thrownBy(() => assertSafe(JSON.parse('{"__proto__":1}'))).code).toBe('unsafe_key');
  });

  it('refuses a value that contains itself, and one level too many', () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(thrownBy(() => assertSafe(cycle)).code).toBe('too_deep');
    expect(() => assertSafe(JSON.parse(nested('[', ']', 100)))).not.toThrow();
    expect(thrownBy(() => assertSafe(JSON.parse(nested('[', ']', 101)))).code).toBe('too_deep');
    expect(thrownBy(() => assertSafe(JSON.parse(nested('[', ']', 100_000)))).code).toBe('too_deep');
  });

  it('looks at a value shared 2^60 times in linear time', () => {
    let value: unknown = [];
    for (let level = 0; level < 60; level++) value = [value, value];
    expect(() => assertSafe(value)).not.toThrow();
  });

  it('measures a shared value at its deepest place', () => {
    const deep = JSON.parse(nested('[', ']', 60)) as unknown;
    let value: unknown = deep;
    for (let level = 0; level < 60; level++) value = [value];
    expect(thrownBy(() => assertSafe([value, deep])).code).toBe('too_deep');
    expect(thrownBy(() => assertSafe([deep, value])).code).toBe('too_deep');
  });
});

describe('isUnsafeKey', () => {
  it('knows the three names only', () => {
    expect(['__proto__', 'constructor', 'prototype', 'toString', 'proto'].map(isUnsafeKey)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
