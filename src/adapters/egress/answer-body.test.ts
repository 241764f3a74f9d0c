import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAnswerBody } from './answer-body.ts';

const TEXT = 'a text that is long enough to be worth the while '.repeat(20);
const read = async (data: Uint8Array, encoding: string | undefined, maxBytes = 10_000): Promise<string> =>
  Buffer.from(await readAnswerBody(Readable.from([data]), encoding, maxBytes, 'host/path')).toString();

describe('readAnswerBody', () => {
  it.each([
    ['identity', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['X-GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
  ])('undoes %s', async (encoding, data) => {
    expect(await read(data, encoding)).toBe(TEXT);
  });

  it('takes an empty body whatever its encoding', async () => {
    expect(await readAnswerBody(Readable.from([]), 'gzip', 10, 'host/path')).toHaveLength(0);
  });

  it('takes a body of exactly the limit, and a small one that compression made larger', async () => {
    expect(await read(Buffer.from('12345'), undefined, 5)).toBe('12345');
    expect(await read(gzipSync('12345'), 'gzip', 5)).toBe('12345');
  });

  it.each([
    [undefined, Buffer.from('123456')],
    ['gzip', gzipSync('123456')],
    ['br', brotliCompressSync('123456')],
    ['deflate', deflateSync('123456')],
    ['gzip, gzip', gzipSync(gzipSync('0'.repeat(10_000_000)))],
    ['gzip', Buffer.alloc(5_000)],
  ])('refuses more than the limit (%s)', async (encoding, data) => {
    await expect(read(data, encoding, 5)).rejects.toMatchObject({ code: 'http_too_large', kind: 'permanent' });
  });

  it('stops reading at the limit', async () => {
    let produced = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          produced++;
          yield Buffer.alloc(1_000);
        }
      })(),
      { highWaterMark: 1 },
    );
    await expect(readAnswerBody(endless, undefined, 10_000, 'host/path')).rejects.toMatchObject({
      code: 'http_too_large',
    });
    expect(produced).toBeLessThan(20);
    expect(endless.destroyed).toBe(true);
  });

  it.each([
    ['gzip', Buffer.from('plain text')],
    ['gzip', gzipSync(TEXT).subarray(0, 40)],
    ['br', Buffer.from('plain text')],
    ['deflate', Buffer.from('plain text')],
    ['zstd', Buffer.from('plain text')],
    ['gzip, gzip, gzip, gzip', gzipSync(TEXT)],
  ])('refuses what is not %s', async (encoding, data) => {
    await expect(read(data, encoding)).rejects.toMatchObject({ code: 'http_invalid_answer' });
  });
});
