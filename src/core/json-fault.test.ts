import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOffset } from './json-fault.ts';

/** The message of JSON.parse; undefined when it takes the text. */
function complaint(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('faultOffset', () => {
  it.each([
    ['', 0],
    ['  ', 2],
    ['nul', 0],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{"a":}', 5],
    ['{a:1}', 1],
    ['{,}', 1],
    ['[1,]', 3],
    ['[,1]', 1],
    ['[1 2]', 3],
    ['[1}', 2],
    ['{"a":1]', 6],
    ['{"x":1} y', 8],
    ['[', 1],
    ['{"a":', 5],
    ['"abc', 4],
    ['"a\nb"', 2],
    ['"\\x"', 2],
    ['"\\u12g4"', 2],
    ['"\\u00e9" x', 9],
    ['"\\n" x', 5],
    ['01', 1],
    ['1.', 1],
    ['+1', 0],
    ["'a'", 0],
    ['{"a":tru}', 5],
    ['\u00a01', 0],
  ])('finds the fault of %j at %d', (text, offset) => {
    expect(complaint(text)).toBeDefined();
    expect(faultOffset(text, 100)).toBe(offset);
  });

  it('stops where nesting passes the limit', () => {
    expect(faultOffset('['.repeat(100_000), 100)).toBeUndefined();
    expect(faultOffset('['.repeat(100), 100)).toBe(100);
  });

  it('agrees with JSON.parse wherever that names a position outside a string or number', () => {
    const broken = fc
      .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom('', ',', ':', '}', ']', '{', '[', '"', '1', 'x', ' '))
      .map(([text, at, char]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + char + text.slice(cut + 1);
      });
    const placed = /^(Expected|Unexpected non-whitespace).* at position (\d+)/;
    fc.assert(
      fc.property(broken, (text) => {
        const message = complaint(text);
        if (message === undefined) return;
        const offset = faultOffset(text, 100);
        const position = placed.exec(message)?.[2];
        expect(offset).toBeGreaterThanOrEqual(0);
        if (position !== undefined) expect(offset).toBe(Number(position));
      }),
      { numRuns: 2_000 },
    );
  });
});
