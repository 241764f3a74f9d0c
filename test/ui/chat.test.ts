/** What people add to a conversation: files with their messages, and answers in the place of the agent. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const file = (name: string, mimeType: string, content: string | Buffer) => ({
  ...{ name, mimeType, buffer: Buffer.from(content) },
});

const DEAF = `
name: deaf
nodes:
  - { id: answer, type: agent, config: { model: 'scripted:assistant', prompt: '{{ $trigger.message }}', session: '{{ $trigger.session }}' } }
`;

/** In the browser: what is dropped or pasted. */
const filesOf = (name: string, type: string) =>
  `(() => { const all = new DataTransfer(); all.items.add(new File(['a;b'], '${name}', { type: '${type}' })); return all; })()`;

/** In the browser: what becomes of a script that a page takes out of the blobs. */
const embedded = (hash: string, type: string) => `new Promise((resolve) => {
  const script = Object.assign(document.createElement('script'), { type: '${type}', src: '/api/blobs/${hash}' });
  script.onload = () => resolve('loaded');
  script.onerror = () => resolve('refused');
  document.head.append(script);
})`;

onStage(
  'chat',
  (stage) => {
    beforeAll(async () => {
      const { body: template } = await stage().program.call('GET', '/api/templates/assistant');
      await stage().deploy(template.yaml);
    });
    /** A conversation that has begun, and the page of it. */
    const open = async (key: string, workflow = 'assistant'): Promise<Page> => {
      const { status } = await stage().program.call('POST', '/api/sessions', { key, agent: workflow, userId: 'ada' });
      expect(status).toBe(201);
      const { body } = await stage().program.call('GET', `/api/workflows/${workflow}`);
      return await stage().visit(`/sessions/${key}?with=${body.id}`);
    };
    const conversation = (page: Page) => page.getByRole('list', { name: 'Conversation' });
    const chips = (page: Page) => page.getByRole('list', { name: 'Attached files' });
    const attach = (page: Page, ...files: readonly ReturnType<typeof file>[]) =>
      page.locator('input[type=file]').setInputFiles([...files]);

    test('files go along with a message, and are shown, heard and downloaded where it stands', async () => {
      const page = await open('files');
      const message = page.getByLabel('Message to assistant');
      await message.fill('Look at this');
      await attach(
        page,
        file('cat.png', 'image/png', PICTURE),
        file('purr.mp3', 'audio/mpeg', 'x'.repeat(2_500)),
        file('notes.md', '', '# Notes'),
        file('empty.txt', 'text/plain', ''),
        file('large.bin', 'application/octet-stream', Buffer.alloc(1_200_000)),
      );
      await chips(page).getByText('3 kB').waitFor();
      await chips(page).getByText('It is empty.').waitFor();
      await chips(page).getByText('It has 1.2 MB; the server takes 1.0 MB a file.').waitFor();
      // What did not arrive is not left out without a word.
      expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
      expect(await accessFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Remove empty.txt' }).click();
      await page.getByRole('button', { name: 'Remove large.bin' }).click();

      await page.reload();
      await chips(page).getByText('notes.md').waitFor();
      expect(await message.inputValue()).toBe('Look at this');
      expect(await chips(page).getByRole('listitem').count()).toBe(3);
      await page.getByRole('button', { name: 'Send' }).click();
      await conversation(page).getByText('I have cat.png.', { exact: false }).waitFor();
      expect(await chips(page).count()).toBe(0);

      const image = conversation(page).getByRole('img', { name: 'cat.png' });
      await expect.poll(() => image.evaluate((one) => Reflect.get(one, 'naturalWidth'))).toBe(1);
      await conversation(page).getByRole('button', { name: 'Open cat.png' }).click();
      await page.getByRole('dialog').getByRole('img', { name: 'cat.png' }).waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await conversation(page).getByLabel('purr.mp3').getAttribute('controls')).toBe('');
      const coming = page.waitForEvent('download');
      await conversation(page).getByRole('link', { name: 'notes.md' }).click();
      expect((await coming).suggestedFilename()).toBe('notes.md');
      expect(await accessFaults(page)).toEqual([]);
    });

    test('they are dropped and pasted too; a picture alone says enough', async () => {
      const page = await open('dropped');
      await page.getByLabel('Message to assistant').waitFor();
      const dropped = await page.evaluateHandle(filesOf('sums.csv', 'text/csv'));
      const said = page.getByLabel('What was said');
      await said.dispatchEvent('dragenter', { dataTransfer: dropped });
      await page.getByText('Drop them here').waitFor();
      await said.dispatchEvent('drop', { dataTransfer: dropped });
      await chips(page).getByText('sums.csv').waitFor();
      await page.getByText('Drop them here').waitFor({ state: 'detached' });
      await page.getByLabel('Message to assistant').focus();
      await page.evaluate(`document.activeElement.dispatchEvent(new ClipboardEvent('paste', {
        clipboardData: ${filesOf('pasted.png', 'image/png')}, bubbles: true, cancelable: true,
      }))`);
      await chips(page).getByText('pasted.png').waitFor();
      await page.getByRole('button', { name: 'Remove sums.csv' }).click();
      await page.getByRole('button', { name: 'Send' }).click();
      await conversation(page).getByText('I have pasted.png.', { exact: false }).waitFor();
    });

    test('a workflow that takes no files says so, and what it would take', async () => {
      await stage().deploy(DEAF);
      const page = await open('deaf', 'deaf');
      await page.getByRole('button', { name: 'deaf takes no files' }).click();
      await page.getByRole('alert').getByText('{{ $trigger.attachments }}').waitFor();
      expect(await accessFaults(page)).toEqual([]);
    });

    test('what somebody attached runs nowhere, also where a page is made to embed it', async () => {
      const page = await stage().visit('/sessions');
      const ran: string[] = [];
      for (const mediaType of ['text/javascript', 'application/javascript', 'text/html', 'image/svg+xml']) {
        const script = `document.title = 'taken by ${mediaType}'`;
        const { body } = await stage().program.call('POST', '/api/blobs', script, { 'content-type': mediaType });
        for (const type of ['', 'module']) ran.push(await page.evaluate(embedded(body.hash, type)));
      }
      expect(ran).toEqual(Array.from({ length: 8 }, () => 'refused'));
      expect(await page.title()).not.toContain('taken');
    });

    test('a person answers in the place of the agent; what was said meanwhile is read first, and nothing is lost', async () => {
      const { program } = stage();
      await program.call('POST', '/api/sessions', { key: 'by hand', agent: 'assistant', userId: 'ada' });
      const append = (seq: number, content: string) =>
        program.call('POST', '/api/sessions/by%20hand/events', {
          ...{ expectedSeq: seq, events: [{ type: 'user.message.received', data: { messageId: content, content } }] },
        });
      await append(1, 'Where is my parcel?');
      const page = await stage().stranger();
      // It hears of nothing by itself.
      await page.route('**/api/live*', (route) => route.abort());
      await page.request.post('/api/sign-in', { data: { key: program.apiKey }, headers: { origin: program.url } });
      await page.goto('/sessions/by%20hand');
      await conversation(page).getByText('Where is my parcel?').waitFor();
      await page.getByRole('tab', { name: 'In place of the agent' }).click();
      const answer = page.getByLabel('Answer in the place of assistant');
      await answer.fill('It is in Vienna.');
      await page.getByLabel('Your name').fill('');
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.getByText('Your name first').waitFor();
      await page.getByLabel('Your name').fill('Grace');
      await append(2, 'Hello?');
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.getByText('Meanwhile something else was said.').waitFor();
      expect(await answer.inputValue()).toBe('It is in Vienna.');
      await conversation(page).getByText('Hello?').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Answer' }).click();
      await conversation(page).getByText('It is in Vienna.').waitFor();
      await conversation(page).getByText('Grace', { exact: false }).waitFor();
      await conversation(page).getByText('a person, in place of the agent').waitFor();
      expect(await answer.inputValue()).toBe('');
      expect(await accessFaults(page)).toEqual([]);
      const { body: events } = await program.call('GET', '/api/sessions/by%20hand/events');
      expect(events.items.at(-1)).toMatchObject({
        ...{ type: 'agent.response.generated', data: { content: 'It is in Vienna.' } },
        by: { name: 'Grace', via: 'browser' },
      });
    });

    test('who may only read is told so, and can write nothing', async () => {
      const { program } = stage();
      await program.call('POST', '/api/sessions', { key: 'read', agent: 'assistant' });
      const { body: made } = await program.call('POST', '/api/keys', { name: 'reader', role: 'viewer' });
      const page = await stage().stranger();
      await page.request.post('/api/sign-in', { data: { key: made.secret }, headers: { origin: program.url } });
      await page.goto('/sessions/read');
      await page.getByText('You can read here, not write.').waitFor();
      expect(await page.getByRole('tab', { name: 'In place of the agent' }).count()).toBe(0);
      expect(await page.getByRole('textbox').count()).toBe(0);
    });
  },
  { MYELIN_MAX_BODY: '1MB' },
);
