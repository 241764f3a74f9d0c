import { expect, test } from 'vitest';
import { SERVER_SETTINGS, serverArguments } from './settings.ts';

test('durability is on', () => {
  expect(SERVER_SETTINGS).toMatchObject({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
});

test('the command line has folder and port, and what a caller sets wins', () => {
  const words = serverArguments('/data', 5_433, { fsync: 'off' });
  expect(words.slice(0, 2)).toEqual(['-D', '/data']);
  expect(words).toContain('port=5433');
  expect(words.filter((word) => word.startsWith('fsync='))).toEqual(['fsync=off']);
});
