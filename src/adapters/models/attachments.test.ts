import { expect, test } from 'vitest';
import { type Reading, readAttachments } from './attachments.ts';

const hash = (letter: string) => letter.repeat(64);
const CONTENT: Readonly<Record<string, string>> = { [hash('a')]: 'some text', [hash('b')]: 'x'.repeat(200_010) };
const reading: Reading = {
  ...{ projectId: 'p', model: 'm:1', reads: /^(?:image\/jpeg|audio\/wav)$/ },
  readBlob: async (_, blob) => (blob in CONTENT ? { bytes: Buffer.from(CONTENT[blob]!) } : undefined),
};
const part = (mediaType: string, blob = hash('a'), name?: string) => ({
  ...{ type: 'file' as const, blob, mediaType, ...(name !== undefined && { name }) },
});
const read = (isNewest: boolean, ...content: ReturnType<typeof part>[]) =>
  readAttachments({ role: 'user', content }, isNewest, reading);

test('a text is text with its name, and cut where it is very long', async () => {
  const { message, bytes } = await read(
    true,
    part('text/csv; charset=utf-8', hash('a'), 'a.csv'),
    part('image/svg+xml'),
  );
  expect(message.content).toEqual([
    { type: 'text', text: 'a.csv (text/csv):\nsome text' },
    { type: 'text', text: 'a file of type image/svg+xml:\nsome text' },
  ]);
  expect(bytes.size).toBe(0);
  const long = await read(true, part('application/json', hash('b')));
  expect(JSON.stringify(long.message.content)).toMatch(/x… \(10 more characters\)"/);
});

test.each([
  ['image/jpg', 'image/jpeg'],
  ['IMAGE/JPEG', 'image/jpeg'],
  ['audio/x-wav', 'audio/wav'],
])('%s goes as %s', async (mediaType, as) => {
  const { message, bytes } = await read(true, part(mediaType));
  expect(message.content).toMatchObject([{ blob: hash('a'), mediaType: as }]);
  expect(Buffer.from(bytes.get(hash('a')) ?? []).toString()).toBe('some text');
});

test('what is not read, or gone, is an error where it is new, and a word where it is old', async () => {
  const [odd, gone] = [part('audio/ogg', hash('a'), 'a.ogg'), part('image/jpeg', hash('c'))];
  await expect(read(true, odd)).rejects.toMatchObject({
    ...{ code: 'model_refused', message: expect.stringContaining('m:1 does not read a.ogg (audio/ogg)') },
  });
  await expect(read(true, gone)).rejects.toMatchObject({ code: 'blob_not_found' });
  expect((await read(false, odd, gone)).message.content).toEqual([
    { type: 'text', text: '[a.ogg (audio/ogg): not read]' },
    { type: 'text', text: '[a file of type image/jpeg: gone]' },
  ]);
});

test('a message of text stays as it is', async () => {
  const message = { role: 'user', content: 'hi' } as const;
  expect((await readAttachments(message, true, reading)).message).toBe(message);
});
