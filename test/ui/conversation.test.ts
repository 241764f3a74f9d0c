import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const said = (content: string) => ({ type: 'user.message.received', data: { messageId: content, content } });
const answered = (content: string) => ({
  type: 'agent.response.generated',
  data: { responseId: content, content, contentType: 'text' },
});

/** It speaks slowly enough to be heard. */
const MODEL = `
default: { reply: One two three four five six seven eight nine ten., stream: { every: 150ms } }
`;

const TALKER = `
name: talker
nodes:
  - { id: answer, type: agent, config: { model: 'scripted:slow', prompt: '{{ $trigger.message }}', session: '{{ $trigger.session }}' } }
`;

onStage('conversation', (stage) => {
  const append = async (key: string, events: readonly object[]) => {
    const { body: session } = await stage().program.call('GET', `/api/sessions/${key}`);
    const { status, body } = await stage().program.call('POST', `/api/sessions/${key}/events`, {
      ...{ expectedSeq: session.seq, events },
    });
    expect([status, body]).toMatchObject([201, { seq: session.seq + events.length }]);
  };
  /** A session of so many messages; its first event is its beginning. */
  const talk = async (key: string, count: number) => {
    const { status } = await stage().program.call('POST', '/api/sessions', { key, agent: 'helper', userId: 'ada' });
    expect(status).toBe(201);
    const all = Array.from({ length: count }, (_, index) => said(`message ${index + 1}.`));
    for (let from = 0; from < count; from += 100) await append(key, all.slice(from, from + 100));
  };
  const conversation = (page: Page) => page.getByRole('list', { name: 'Conversation' });
  /** What is not read yet. */
  const unread = (page: Page) => conversation(page).getByText(/^Events \d+ to \d+ …$/);
  /** The message is where somebody sees it, not only in the page. */
  const seen = async (page: Page, text: string) => {
    await conversation(page).getByText(text, { exact: true }).waitFor();
    const box = page.getByLabel('What was said');
    const line = conversation(page).getByText(text, { exact: true });
    await expect
      .poll(
        async () => {
          const [around, place] = [await box.boundingBox(), await line.boundingBox().catch(() => null)];
          return around && place && place.y >= around.y - 1 && place.y + place.height <= around.y + around.height + 1;
        },
        { timeout: 10_000 },
      )
      .toBe(true);
  };

  test('a long one opens at its end, is read upwards, and follows what comes', async () => {
    await talk('long', 650);
    const page = await stage().visit('/sessions/long');
    await seen(page, 'message 650.');
    expect(await conversation(page).getByRole('listitem').count()).toBeLessThan(60);
    expect(await accessFaults(page)).toEqual([]);
    await append('long', [answered('message 651.')]);
    await seen(page, 'message 651.');
    const box = page.getByLabel('What was said');
    await box.press('Home');
    await seen(page, 'message 1.');
    // Who reads further up is left there.
    await append('long', [answered('message 652.')]);
    await page.getByText('After event 653 of 653').waitFor();
    await seen(page, 'message 1.');
    await page.getByRole('button', { name: 'To the newest' }).click();
    await seen(page, 'message 652.');
  });

  test('what is above comes in without moving what is read', async () => {
    await talk('upwards', 400);
    const page = await stage().visit('/sessions/upwards');
    await seen(page, 'message 400.');
    const box = page.getByLabel('What was said');
    const met = new Set<string>();
    while (!met.has('message 1.')) {
      for (const text of await conversation(page).locator('p.whitespace-pre-wrap').allTextContents()) met.add(text);
      await box.evaluate(async (element) => {
        // Less than a page of the list at a time: what jumped would be missed.
        element.scrollTop -= element.clientHeight - 100;
        const { defaultView: view } = element.ownerDocument;
        for (let frame = 0; frame < 2; frame++) await new Promise((drawn) => view?.requestAnimationFrame(drawn));
      });
      // A person reads what comes in before they go on: who goes on through it has passed it.
      await expect.poll(() => unread(page).count(), { timeout: 10_000 }).toBe(0);
    }
    const missed = Array.from({ length: 400 }, (_, index) => `message ${index + 1}.`).filter((one) => !met.has(one));
    expect(missed).toEqual([]);
  });

  test('an address with an event shows it, marked; the slider goes through all of them', async () => {
    await talk('places', 450);
    const page = await stage().visit('/sessions/places?at=124');
    await seen(page, 'message 123.');
    expect(await page.locator('[aria-current=location]').textContent()).toContain('message 123.');
    await page.getByText('After event 124 of 451').waitFor();
    await page.getByLabel('State').getByText('123', { exact: true }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    const slider = page.getByRole('slider');
    await slider.press('Home');
    await page.locator('[aria-current=location]').getByText('Began with helper').waitFor();
    await page.getByText('After event 1 of 451').waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('After event 451 of 451').waitFor();
  });

  test('a hit of the search leads to what was said', async () => {
    await talk('found', 300);
    await append('found', [answered('The zebra is in the garden.')]);
    await append(
      'found',
      Array.from({ length: 100 }, (_, index) => said(`later ${index + 1}.`)),
    );
    const page = await stage().visit('/sessions');
    const hit = page.getByRole('link', { name: 'zebra' });
    await page.getByRole('button', { name: 'Search what was said' }).click();
    // What was said is found as soon as it is projected.
    while (!(await hit.isVisible())) {
      await page.getByLabel('Words').fill('zebra');
      await page.getByRole('dialog').getByRole('button', { name: 'Search' }).click();
      await hit.or(page.getByText('Nobody has said that.')).first().waitFor();
      if (await hit.isVisible()) break;
      await page.getByLabel('Words').fill('zebra garden');
      await page.getByRole('dialog').getByRole('button', { name: 'Search' }).click();
      await hit.or(page.getByText('Nobody has said that.')).first().waitFor();
    }
    await hit.click();
    await seen(page, 'The zebra is in the garden.');
    expect(await page.locator('[aria-current=location]').textContent()).toContain('zebra');
  });

  test('words come as they are made, after the last that was said; then it ends', async () => {
    const models = join(stage().program.home, 'models');
    mkdirSync(models, { recursive: true });
    writeFileSync(join(models, 'slow.yaml'), MODEL);
    const talker = await stage().deploy(TALKER);
    await talk('live', 150);
    const page = await stage().visit('/sessions/live');
    await seen(page, 'message 150.');
    const execution = await stage().run(talker, { message: 'Count!', session: 'live' });
    const words = conversation(page).locator('[aria-live=polite] p');
    await words.getByText('One two').waitFor();
    const live = (await words.boundingBox())?.y ?? 0;
    expect((await conversation(page).getByText('Count!').boundingBox())?.y).toBeLessThan(live);
    await stage().until(execution, 'completed');
    await seen(page, 'One two three four five six seven eight nine ten.');
    await words.waitFor({ state: 'detached' });
    expect(await accessFaults(page)).toEqual([]);

    await page.goto(`/executions/${execution}?node=answer`);
    const links = page.getByRole('link', { name: 'session live' });
    await expect.poll(() => links.count(), { timeout: 30_000 }).toBe(2);
    await page.getByLabel('Node answer').getByRole('link', { name: 'session live' }).click();
    await seen(page, 'One two three four five six seven eight nine ten.');
    expect(await page.getByRole('link', { name: 'execution', exact: true }).last().getAttribute('href')).toBe(
      `/executions/${execution}`,
    );

    await page.getByRole('button', { name: 'End the session' }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('ended', { exact: true }).waitFor();
    await seen(page, 'Ended: user close');
  });

  test('a person begins a conversation, writes to a workflow, and sees it answer', async () => {
    const page = await stage().visit('/sessions');
    const { body: template } = await stage().program.call('GET', '/api/templates/assistant');
    await stage().deploy(template.yaml);
    await page.reload();
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByLabel('With the workflow').selectOption({ label: 'assistant' });
    await page.getByLabel('Key of the session').fill('written');
    await page.getByLabel('Your name').fill('ada');
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Begin' }).click();
    const message = page.getByLabel('Message to assistant');
    await message.fill('My name is Ada');
    await page.reload();
    expect(await message.inputValue()).toBe('My name is Ada');
    await message.press('Enter');
    await seen(page, 'Nice to meet you. I will remember your name.');
    expect(await message.inputValue()).toBe('');
    expect(await accessFaults(page)).toEqual([]);

    // Who comes later writes to the workflow that has answered.
    await page.goto('/sessions/written');
    await message.fill('hello');
    await page.getByRole('button', { name: 'Send' }).click();
    await seen(page, 'Hello! Tell me your name, or ask me what time it is in Vienna, London or Tokyo.');
  });

  test('a blob in the values of a run is downloaded from there', async () => {
    const address = `${stage().program.url}/api/blobs`;
    const headers = { authorization: `Bearer ${stage().program.apiKey}`, 'content-type': 'text/plain' };
    const { hash } = (await (await fetch(address, { method: 'POST', headers, body: 'paper' })).json()) as {
      hash: string;
    };
    const id = await stage().deploy(
      '{ name: filed, nodes: [{ id: keep, type: transform, config: { value: "{{ $trigger }}" } }] }',
    );
    const run = await stage().run(id, {
      file: { type: 'file', blob: hash, mediaType: 'text/plain', name: 'paper.txt' },
    });
    await stage().until(run, 'completed');
    const page = await stage().visit(`/executions/${run}?node=keep`);
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download paper.txt' }).first().click();
    expect((await coming).url()).toContain(hash);
  });
});
