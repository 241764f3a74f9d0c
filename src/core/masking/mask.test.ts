import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patternFault } from './custom.ts';
import { createMask } from './mask.ts';
import { RULES } from './rules.ts';
import { compileMask, maskSchema } from './settings.ts';

const all = createMask(RULES)!;
const text = (given: string) => all.text(given);

test.each([
  ['write to ana.bell+x@mail.example.com.', 'write to [email].'],
  ['Ana <ana@example.com>,bob@example.org', 'Ana <[email]>,[email]'],
  ['?to=ana%40example.com&x=1', '?to=[email]&x=1'],
  ["o'neil@example.co.uk", '[email]'],
  ['jürgen@müller.example', '[email]'],
  ['4111 1111 1111 1111', '[card]'],
  ['card 4111-1111-1111-1111, thanks', 'card [card], thanks'],
  ['5555555555554444.', '[card].'],
  ['378282246310005', '[card]'],
  ['3782 822463 10005', '[card]'],
  ['n°6011111111111117', 'n°[card]'],
  ['DE89 3704 0044 0532 0130 00 by May', '[iban] by May'],
  ['GB82WEST12345698765432 ABCD', '[iban] ABCD'],
  ['iban: nl91abna0417164300', 'iban: [iban]'],
  ['DE89-3704-0044-0532-0130-00', '[iban]'],
  ['2024-BE68-5390-0754-7034', '2024-[iban]'],
  ['from 192.168.0.17:8080', 'from [ip]:8080'],
  ['[2001:db8::1]', '[[ip]]'],
  ['::ffff:10.1.2.3', '[ip]'],
  ['fe80:0:0:0:1:2:3:4', '[ip]'],
  ['+49 170 1234567', '[phone]'],
  ['call +1 (415) 555-2671, now', 'call [phone], now'],
  ['+14155552671', '[phone]'],
  ['0049 170 1234567', '[phone]'],
  ['(415) 555-2671', '[phone]'],
  ['tel:415-555-2671', 'tel:[phone]'],
  ['020 7946 0958', '[phone]'],
  ['030/1234567', '[phone]'],
  ['06 12 34 56 78', '[phone]'],
  ['+49 (0) 170 1234567', '[phone]'],
])('%j is masked', (given, wanted) => {
  expect(text(given)).toBe(wanted);
  expect(text(wanted)).toBe(wanted);
});

test.each([
  '2026-11-27T00:39:40.123Z',
  '2026-11-27 00:39:40.123456+02:00',
  '27.11.2026, 09:30',
  '01/02/2026',
  '01-02-2026 10:15',
  '10:20:30',
  '1764203980000',
  '1764203980123456789',
  '$1,234,567.89',
  '+1.234.567,00 EUR',
  '1 234 567.00',
  '12345678',
  '01701234567',
  '0.4111111111111111',
  '4111111111111112',
  'x4111111111111111',
  'a3f4111111111111111b',
  '550e8400-e29b-41d4-a716-446655440000',
  '00000000-ad56-72d7-aef7-e15effdfffed',
  'ee170000-4111-7000-8000-ffffffffffff',
  '00000000-0000-7000-be92-000000000092',
  '00123456-7890-7abc-8abc-abcdefabcdef',
  'v1.20.300.4',
  '1.2.3.4.5',
  '256.1.1.1',
  'aa:bb:cc:dd:ee:ff',
  'std::vector<int>',
  'DE89 3704 0044 0532 0130 01',
  'ZZ89 3704 0044 0532 0130 00',
  'DE12',
  '@scope/package@1.2.3',
  'a @ b',
  'order 2024-000123',
  'node.completed at each[3]/fetch',
])('%j is left as it is', (given) => {
  expect(text(given)).toBe(given);
});

test('ids and times of ours are never taken for anything', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2090') }), (id, date) => {
      for (const given of [id, date.toISOString(), String(date.getTime()), `${id}/each[12]/fetch#2`]) {
        expect(text(given)).toBe(given);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('values are masked to any depth; keys stay, and so does what needs no mask', () => {
  const clean = { n: 1, list: ['a', { b: null }] };
  expect(all.value(clean)).toBe(clean);
  const given = { clean, 'ana@example.com': { to: ['ana@example.com'], n: 4111111111111111, at: 1764203980000 } };
  const masked = all.value(given);
  expect(masked).toEqual({ clean, 'ana@example.com': { to: ['[email]'], n: '[card]', at: 1764203980000 } });
  expect(masked.clean).toBe(clean);
  expect(given['ana@example.com'].to).toEqual(['ana@example.com']);
});

test('a key that reaches a prototype makes none', () => {
  const masked = all.value(JSON.parse('{"__proto__": {"to": "ana@example.com"}}'));
  expect(JSON.stringify(masked)).toBe('{"__proto__":{"to":"[email]"}}');
  expect(({} as { to?: string }).to).toBeUndefined();
});

test('only the rules that are named are used, and those of a person by their names', () => {
  const mask = createMask(['card'], [{ name: 'customer', pattern: 'CUST-\\d{6}' }])!;
  expect(mask.text('CUST-123456 ana@example.com 4111111111111111')).toBe('[customer] ana@example.com [card]');
  expect(createMask([])).toBeNull();
});

test.each([
  ['a long word', 'a'.repeat(200_000)],
  ['many signs', '@'.repeat(200_000)],
  ['a long domain', `a@${'1.'.repeat(100_000)}`],
  ['digits', '4'.repeat(200_000)],
  ['digits and spaces', '41 '.repeat(70_000)],
  ['words of an IBAN', 'DE89 '.repeat(40_000)],
  ['colons', '1:'.repeat(100_000)],
  ['dots', '1.'.repeat(100_000)],
  ['plus and digits', '+1('.repeat(70_000)],
])('%s do not take longer than their length is worth', (_, given) => {
  // A search in the square of the text would take minutes, and the runner would end it.
  expect(text(given).length).toBeGreaterThan(0);
});

test.each([
  ['(', /no pattern of RE2/],
  ['(?=a)b', /no pattern of RE2/],
  ['a*', /empty text/],
  ['\\d+-\\d+', /\{1,20\}/],
  ['[^]]*x[a]', /./],
  ['(?:\\w{1,100}){10}', /too large/],
])('the pattern %j is refused', (pattern, reason) => {
  expect(patternFault(pattern)).toMatch(reason);
});

test.each(['CUST-\\d{6}', 'EMP\\d+', '[A-Z+]{2,4}\\+\\d{3}', '(?i)secret word'])(
  'the pattern %j is taken',
  (pattern) => {
    expect(patternFault(pattern)).toBeUndefined();
  },
);

test('settings that mask nothing are refused; events: false turns them off', () => {
  expect(maskSchema.safeParse({}).error?.issues[0]?.message).toMatch(/masks nothing/);
  expect(maskSchema.safeParse({ rules: ['mail'] }).success).toBe(false);
  expect(maskSchema.safeParse({ custom: [{ name: 'x', pattern: '(' }] }).error?.issues[0]?.path).toEqual([
    'custom',
    0,
    'pattern',
  ]);
  expect(compileMask({ rules: ['email'], events: false })).toBeNull();
  expect(compileMask({ rules: ['email'] })?.text('a@b.co')).toBe('[email]');
});

test('what is not masked: no settings, or not for events', () => {
  expect(compileMask(undefined)).toBeNull();
  expect(compileMask({ rules: ['email'], events: false })).toBeNull();
  expect(compileMask({ custom: [{ name: 'code', pattern: 'c\\d' }] })?.text('c1')).toBe('[code]');
});

test('a quoted pattern may hide its repetitions, and is refused', () => {
  expect(patternFault('\\Qa*b\\E')).toBeDefined();
});

test.each(['1:2:3:4:5:6:1.2.3.400', 'a::b::c', '1:2:3:::4', '1:2:3'])('%s is no address', (given) => {
  expect(text(given)).not.toBe('[ip]');
});
