import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Balance, reserve, settle } from './balance.ts';

const books = (...limits: number[]) =>
  new Map<string, Balance>(limits.map((limit, index) => [`a${index}`, { limit, spent: 0, reserved: 0 }]));

test('a call takes from all its accounts, up to the limit', () => {
  const balances = books(100, 60);
  expect(reserve(balances, ['a0', 'a1'], 60)).toBeUndefined();
  expect(balances.get('a0')).toEqual({ limit: 100, spent: 0, reserved: 60 });
  expect(reserve(balances, ['a0'], 40)).toBeUndefined();
  expect(reserve(balances, ['a0'], 1)).toEqual({ account: 'a0', limit: 100, spent: 0, reserved: 100 });
});

test('one that lacks room refuses it at all, and the first of them is named', () => {
  const balances = books(100, 10, 5);
  expect(reserve(balances, ['a0', 'a1', 'a2'], 20)).toMatchObject({ account: 'a1' });
  expect([...balances.values()].map((one) => one.reserved)).toEqual([0, 0, 0]);
});

test('a settlement releases the estimate and spends the cost', () => {
  const balances = books(100);
  reserve(balances, ['a0'], 80);
  settle(balances, ['a0'], { estimate: 80, cost: 30 });
  expect(balances.get('a0')).toEqual({ limit: 100, spent: 30, reserved: 0 });
  expect(reserve(balances, ['a0'], 70)).toBeUndefined();
});

test('what costs nothing passes a limit that is used up; what has no balance has no limit', () => {
  const balances = books(0);
  expect(reserve(balances, ['a0'], 0)).toBeUndefined();
  expect(reserve(balances, ['a0'], 1)).toMatchObject({ account: 'a0' });
  expect(reserve(balances, ['other'], 1e15)).toBeUndefined();
  settle(balances, ['other'], { estimate: 1e15, cost: 1 });
  expect([...balances.keys()]).toEqual(['a0']);
});

type Step =
  | { kind: 'reserve'; accounts: string[]; amount: number }
  | { kind: 'settle'; which: number; part: number }
  | { kind: 'grant'; account: string; amount: number };

const account = fc.constantFrom('a0', 'a1', 'a2');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('reserve' as const),
    accounts: fc.uniqueArray(account, { minLength: 1 }),
    amount: fc.nat(120),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    which: fc.nat(),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('grant' as const), account, amount: fc.nat(50) }),
);

test('whatever the order of calls, results and grants: never above a limit, and the books add up', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.array(fc.nat(300), { minLength: 3, maxLength: 3 }),
      (steps, limits) => {
        const balances = books(...limits);
        const open: { accounts: string[]; amount: number }[] = [];
        const sums = new Map([...balances.keys()].map((name) => [name, { spent: 0, reserved: 0 }]));
        for (const one of steps) {
          if (one.kind === 'grant') {
            const balance = balances.get(one.account)!;
            balances.set(one.account, { ...balance, limit: balance.limit + one.amount });
          } else if (one.kind === 'reserve') {
            const fits = one.accounts.every((name) => {
              const { limit, spent, reserved } = balances.get(name)!;
              return one.amount === 0 || spent + reserved + one.amount <= limit;
            });
            expect(reserve(balances, one.accounts, one.amount) === undefined).toBe(fits);
            if (!fits) continue;
            open.push(one);
            for (const name of one.accounts) sums.get(name)!.reserved += one.amount;
          } else if (open.length > 0) {
            const [call] = open.splice(one.which % open.length, 1);
            const cost = Math.floor(call!.amount * one.part);
            settle(balances, call!.accounts, { estimate: call!.amount, cost });
            for (const name of call!.accounts) {
              sums.get(name)!.reserved -= call!.amount;
              sums.get(name)!.spent += cost;
            }
          }
          for (const [name, { limit, ...sum }] of balances) {
            expect(sum).toEqual(sums.get(name));
            expect(sum.spent + sum.reserved).toBeLessThanOrEqual(limit);
          }
        }
      },
    ),
  );
});
