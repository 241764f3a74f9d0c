import { expect, test } from 'vitest';
import {
  accountName,
  bookKey,
  type Counted,
  EACH,
  fieldOf,
  type Rule,
  ruledAccounts,
  toldAccount,
  treeOf,
} from './accounts.ts';

const ID = '0199f2aa-0000-7000-8000-000000000001';
const call = (over: Partial<Counted> = {}): Counted => ({
  ...{ workflowId: ID, session: 'c-17', userId: 'ada', currency: 'USD' },
  startedAt: Date.parse('2026-11-27T23:59:59.999Z'),
  ...over,
});
const rule = (over: Partial<Rule> = {}): Rule => ({
  ...{ scope: 'project', key: EACH, per: 'total', limit: 5, currency: 'USD' },
  ...over,
});
const names = (rules: Rule[], of = call()) => ruledAccounts(rules, of).map(accountName);

test('a call counts at one account for each scope and time that has a rule', () => {
  const rules = [
    rule({ scope: 'user', key: EACH }),
    rule({ scope: 'session', key: 'c-17', per: 'day' }),
    rule({ scope: 'workflow', key: ID }),
    rule({ per: 'day' }),
    rule(),
  ];
  expect(names(rules)).toEqual([
    'project',
    'project/2026-11-27',
    `workflow:${ID}`,
    'session:c-17/2026-11-27',
    'user:ada',
  ]);
});

test('it counts at none of others, of another currency, or of what it has not', () => {
  const rules = [rule({ scope: 'session', key: 'c-18' }), rule({ scope: 'user' }), rule({ currency: 'EUR' })];
  expect(names(rules, call({ userId: null }))).toEqual([]);
  expect(names([])).toEqual([]);
});

test('a rule for a key of its own goes before the one for each, in the same currency', () => {
  const rules = [
    rule({ scope: 'user', limit: 1 }),
    rule({ scope: 'user', key: 'ada', limit: 9 }),
    rule({ scope: 'user', key: 'ada', limit: 7, currency: 'EUR', per: 'day' }),
    rule({ scope: 'user', limit: 2, per: 'day' }),
  ];
  expect(ruledAccounts(rules, call()).map((one) => one.limit)).toEqual([9, 2]);
  expect(ruledAccounts(rules, call({ userId: 'bob' })).map((one) => one.limit)).toEqual([1, 2]);
});

test('keys are kept short and plain', () => {
  expect(bookKey(null)).toBeNull();
  expect(bookKey('')).toBeNull();
  expect(bookKey('a\u0000b\u001ec')).toBe('a b c');
  expect(bookKey('x'.repeat(300))).toHaveLength(200);
  expect(bookKey(`${'x'.repeat(199)}😀`)).toBe(`${'x'.repeat(199)}\ufffd`);
});

test('a budget of a call tree names its execution', () => {
  expect(treeOf(`execution:${ID}`)).toBe(ID);
  expect(treeOf(`agent:${ID}/each[3]/ask`)).toBe(ID);
  expect(treeOf('agent:x')).toBeNull();
  expect(treeOf(`agent:${ID}0`)).toBeNull();
});

test('people are told the name of a workflow, and the field that sets a limit', () => {
  expect(toldAccount(`workflow:${ID}/2026-11-27`, 'or$&ders')).toBe('workflow:or$&ders/2026-11-27');
  expect(toldAccount('session:workflow:x', 'orders')).toBe('session:workflow:x');
  expect([`execution:${ID}`, `agent:${ID}/ask`, 'user:agent:x'].map(fieldOf)).toEqual([
    'settings.budget',
    'limits.cost',
    undefined,
  ]);
});
