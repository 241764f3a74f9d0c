import { expect, test } from 'vitest';
import { hostList, hostsOf } from './host-list.ts';

test('hosts have their port, or the usual one', () => {
  expect(hostsOf('a.example.com:1, b,[::1]:2,[fe80::1]', 9_092)).toEqual([
    { host: 'a.example.com', port: 1 },
    { host: 'b', port: 9_092 },
    { host: '::1', port: 2 },
    { host: 'fe80::1', port: 9_092 },
  ]);
});

test.each(['', 'a,', 'a:0', 'a:70000', 'a:b', 'http://a', 'user@a', '::1', 'a b'])('%j is no list of hosts', (text) => {
  const checked = hostList(9_092).safeParse(text);
  expect(checked.error?.issues[0]?.message).toContain('a.example.com:9092');
});
