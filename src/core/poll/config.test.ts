import { expect, test } from 'vitest';
import { gapOf, pollConfig, sourceOf, stampOf, takesCursor } from './config.ts';

const http = { url: 'https://api.example.com/orders' };
const sql = { connection: 'shop', query: 'select id from orders where id > $1 order by id' };
const cursor = '{{ $json.id }}';
const base = { http, every: '1m', cursor };

const faultsOf = (config: object) =>
  pollConfig.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test.each<[string, object]>([
  ['http', base],
  ['sql', { sql, every: '5s', cursor, first: 'all', from: 0 }],
  ['a hash', { http, every: '1h30m', changed: 'hash', itemId: '{{ $json.key }}' }],
  ['a body', { ...base, http: { ...http, method: 'POST', body: { since: '{{ $cursor }}' }, timeout: '60s' } }],
  ['a connection', { ...base, http: { url: '/orders', connection: 'shop-api', items: '{{ $json.orders }}' } }],
  ['a rate', { ...base, rate: { limit: 10, per: '1m' } }],
  ['pages at a rate', { ...base, http: { ...http, paginate: { next: 'link' } }, rate: { limit: 60, per: '1m' } }],
  ['sql by hash', { sql: { connection: 'shop', query: 'select * from prices' }, every: '1m', changed: 'hash' }],
])('takes %s', (_, config) => {
  expect(faultsOf(config)).toEqual([]);
});

test.each<[object, string]>([
  [{ ...base, http: undefined }, 'http: is needed, or sql'],
  [{ ...base, sql }, 'sql: goes not with http; make two triggers'],
  [{ ...base, cursor: undefined }, 'cursor: is needed, or `changed: hash`'],
  [{ ...base, changed: 'hash' }, 'changed: goes not with cursor; give one of them'],
  [{ http, every: '1m', changed: 'hash', from: 1 }, 'from: goes with cursor'],
  [{ sql, every: '1m', changed: 'hash' }, 'sql: has $1, which goes with cursor'],
  [{ ...base, every: '4s' }, 'every: must be from 5s to 7d'],
  [{ ...base, every: '8d' }, 'every: must be from 5s to 7d'],
  [{ ...base, every: '7' }, 'every: not a duration: it has no unit'],
  [{ ...base, rate: { limit: 0, per: '1m' } }, 'rate.limit: Too small'],
  [{ ...base, rate: { limit: 1.5, per: '1m' } }, 'rate.limit: Invalid input'],
  [{ ...base, rate: { limit: 1, per: '500ms' } }, 'rate.per: must be from 1s to 1d'],
  [{ ...base, rate: { limit: 1, per: '2d' } }, 'rate.per: must be from 1s to 1d'],
  [{ ...base, rate: { limit: 1 } }, 'rate.per: '],
  [{ ...base, http: { ...http, method: 'POST', paginate: { next: 'link' } } }, 'http.paginate: only GET can be paged'],
  [{ ...base, http: { ...http, paginate: { next: 'next' } } }, 'http.paginate.next: '],
  [{ ...base, http: { ...http, paginate: { next: 'link', max: 0 } } }, 'http.paginate.max: '],
  [
    { ...base, http: { ...http, paginate: { next: 'link' } }, rate: { limit: 1, per: '1m' } },
    'rate: 10 pages take longer than 60s at it; lower http.paginate.max',
  ],
  [{ ...base, cursor: 'id' }, 'cursor: write an expression in {{ }}'],
  [{ ...base, cursor: '{{ $secrets.A }}' }, 'cursor: $secrets cannot be used here'],
  [{ ...base, http: { ...http, body: 'a' } }, 'http.body: goes with `method: POST`'],
  [{ ...base, http: { ...http, timeout: '61s' } }, 'http.timeout: must be 60s or shorter'],
  [
    { ...base, http: { ...http, connection: 'a', auth: { type: 'bearer', token: 'b' } } },
    'http.auth: the connection has the credentials',
  ],
  [{ sql: { ...sql, query: 'select {{ $cursor }}' }, every: '1m', cursor }, 'sql.query: takes no {{ }}'],
])('refuses %j', (config, fault) => {
  expect(faultsOf(config).join()).toContain(fault);
});

test('a rate is a gap between two requests, never shorter than it says', () => {
  expect(gapOf({})).toBe(0);
  expect(gapOf({ rate: { limit: 7, per: '1m' } })).toBe(Math.ceil(60_000 / 7));
});

test('the state is of the source, and of nothing else', () => {
  const source = sourceOf(base);
  expect(sourceOf({ ...base, every: '5m', first: 'all', http: { ...http, headers: { a: 'b' } } })).toBe(source);
  expect(sourceOf({ ...base, http: { url: 'https://api.example.com/other' } })).not.toBe(source);
  expect(sourceOf({ ...base, cursor: '{{ $json.at }}' })).not.toBe(source);
  expect(sourceOf({ sql, cursor })).not.toBe(source);
  expect(sourceOf({ cursor })).toBe(sourceOf({ cursor, every: '1m' }));
});

test('what it says is the same in any order of its fields, and another with any other word', () => {
  expect(stampOf({ every: '1m', cursor, http })).toBe(stampOf(base));
  expect(stampOf({ ...base, every: '5m' })).not.toBe(stampOf(base));
});

test.each([
  ['where id > $1', true],
  ['where id > $1::bigint', true],
  ['where id > $10', false],
])('%s takes the cursor: %s', (query, takes) => {
  expect(takesCursor(query)).toBe(takes);
});
