import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseMasterKeys } from '../../core/master-key.ts';
import type { Sealed } from '../../ports/connections.ts';
import { createVault } from './vault.ts';

const PLACE = { projectId: 'p', id: 'c' };
const sealedError = { code: 'connection_sealed' };
let home = '';
beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'vault-')), 'home');
});
afterEach(() => rmSync(join(home, '..'), { recursive: true }));

const file = () => join(home, 'master.key');
const versions = () => parseMasterKeys(readFileSync(file(), 'utf8')).map(({ version }) => version);

describe('keys in the home folder', () => {
  test('are made at first need, for their owner only, and found by other processes', async () => {
    const sealed = await createVault({ home }).seal('hunter2 é', PLACE);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(['master.key']);
    expect(await createVault({ home }).open(sealed, PLACE)).toBe('hunter2 é');
    expect(Buffer.from(sealed.data).toString('latin1')).not.toContain('hunter2');
  });

  test('no two values look alike, and none can be opened at another place or when it was changed', async () => {
    const vault = createVault({ home });
    const [one, two] = [await vault.seal('same', PLACE), await vault.seal('same', PLACE)];
    expect(one.data).not.toEqual(two.data);
    expect(one.data.subarray(0, 12)).not.toEqual(two.data.subarray(0, 12));
    await expect(vault.open(one, { ...PLACE, id: 'd' })).rejects.toMatchObject(sealedError);
    await expect(vault.open(one, { ...PLACE, projectId: 'q' })).rejects.toMatchObject(sealedError);
    for (const at of [0, 12, 28, one.data.length - 1]) {
      const data = one.data.with(at, one.data[at]! ^ 1);
      await expect(vault.open({ ...one, data }, PLACE)).rejects.toMatchObject(sealedError);
    }
    await expect(vault.open({ ...one, data: one.data.subarray(0, 20) }, PLACE)).rejects.toMatchObject(sealedError);
  });

  test('a rotation makes another; old ones open what they sealed until they are forgotten', async () => {
    const vault = createVault({ home });
    const other = createVault({ home });
    const before = await vault.seal('a', PLACE);
    expect(await vault.rotate()).toBe(2);
    // Another process hears of it without being told.
    const after = await other.seal('b', PLACE);
    expect([before.keyVersion, after.keyVersion]).toEqual([1, 2]);
    expect(await vault.open(after, PLACE)).toBe('b');
    expect(await other.open(before, PLACE)).toBe('a');
    await expect(other.open({ ...before, keyVersion: 2 } as Sealed, PLACE)).rejects.toMatchObject(sealedError);
    await vault.keep([1], 3);
    expect(versions()).toEqual([1]);
    expect(await vault.rotate()).toBe(2);
    await vault.keep([], 2);
    expect(versions()).toEqual([2]);
    await expect(createVault({ home }).open(before, PLACE)).rejects.toThrow('no master key of version 1');
  });

  test('one process at a time changes them, and a lock that was left does not stay', async () => {
    const vault = createVault({ home });
    await vault.seal('a', PLACE);
    const lock = join(home, 'master.key.lock');
    writeFileSync(lock, '');
    await expect(vault.rotate()).rejects.toMatchObject({ code: 'overloaded' });
    expect(versions()).toEqual([1]);
    utimesSync(lock, 1, 1);
    expect(await vault.rotate()).toBe(2);
    expect(readdirSync(home)).toEqual(['master.key']);
  });

  test('a file that holds none is told, without what it holds', async () => {
    const vault = createVault({ home });
    await vault.seal('a', PLACE);
    writeFileSync(file(), 'hunter2');
    await expect(vault.seal('a', PLACE)).rejects.toMatchObject(sealedError);
    await expect(vault.seal('a', PLACE)).rejects.not.toThrow('hunter2');
  });
});

test('keys of the setting are never written; rotating goes to the newest of them', async () => {
  const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
  const one = createVault({ home, keys: parseMasterKeys(key(1)) });
  const sealed = await one.seal('a', PLACE);
  expect([one.isGiven, await one.rotate()]).toEqual([true, 1]);
  const both = createVault({ home, keys: parseMasterKeys(`1:${key(1)},2:${key(2)}`) });
  expect(await both.rotate()).toBe(2);
  expect(await both.open(sealed, PLACE)).toBe('a');
  expect((await both.seal('a', PLACE)).keyVersion).toBe(2);
  await both.keep([], 2);
  const wrong = createVault({ home, keys: parseMasterKeys(key(3)) });
  await expect(wrong.open(sealed, PLACE)).rejects.toMatchObject(sealedError);
  expect(readdirSync(join(home, '..'))).toEqual([]);
});
