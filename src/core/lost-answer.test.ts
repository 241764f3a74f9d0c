import { expect, test } from 'vitest';
import { MyelinError } from './errors.ts';
import { asLost, isLost, SENT } from './lost-answer.ts';

test('an error of a request that had gone out says so, with all else that it says', () => {
  const refused = new MyelinError('timeout', 'It took too long.', { after: 5 });
  expect(isLost(refused)).toBe(false);
  expect(asLost(refused)).toMatchObject({ code: 'timeout', message: refused.message, data: { after: 5, ...SENT } });
  expect(isLost(asLost(refused))).toBe(true);
  expect(asLost(new MyelinError('timeout', 'It took too long.')).data).toEqual(SENT);
  const deep = asLost(new MyelinError('timeout', 'It took too long.', {}, refused));
  expect(deep.cause).toBe(refused);
});

test('a gateway that has lost what is behind it has sent; one that refuses has not', () => {
  const by = (status: number) => isLost({ data: { status } });
  expect([502, 504, 500, 503, 429].map(by)).toEqual([true, true, false, false, false]);
});
