import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHome } from './home-lock.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'myelin-lock-'));
});

afterEach(() => rmSync(home, { recursive: true }));

test('the second is refused with the pid of the first and the home, until the first lets go', async () => {
  const first = await lockHome(home);
  await expect(lockHome(home)).rejects.toMatchObject({
    code: 'home_in_use',
    message: expect.stringContaining(`process ${process.pid}) runs on ${home}`),
    data: { home, pid: process.pid },
  });
  first.release();
  const second = await lockHome(home);
  second.release();
});

test('of many at once exactly one wins', async () => {
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockHome(home)));
  const won = results.filter((result) => result.status === 'fulfilled');
  expect(won).toHaveLength(1);
  won[0]!.value.release();
});

test('a home is the same by any path', async () => {
  const alias = `${home}-alias`;
  symlinkSync(home, alias);
  const lock = await lockHome(home);
  await expect(lockHome(alias)).rejects.toMatchObject({ code: 'home_in_use' });
  lock.release();
  rmSync(alias);
});

test('a holder that shares only the folder, as in another container, is seen', async () => {
  const other = createServer((socket) => socket.end('4242'));
  await new Promise<void>((resolve) => other.listen(join(home, 'lock'), resolve));
  await expect(lockHome(home)).rejects.toMatchObject({ code: 'home_in_use', data: { pid: 4242 } });
  other.close();
});

test('two homes do not disturb each other, however long their paths', async () => {
  const deep = join(home, 'x'.repeat(120));
  mkdirSync(deep);
  const locks = [await lockHome(home), await lockHome(deep)];
  expect(existsSync(join(home, 'lock'))).toBe(true);
  await expect(lockHome(deep)).rejects.toMatchObject({ code: 'home_in_use' });
  for (const lock of locks) lock.release();
});
