/** A conversation that grows longer than its model can read: what is left out, in which order, and how it ends. */
import { describe, expect, test } from 'vitest';
import { MOST_CHARS_PER_TOKEN, type Request, sizeOf } from '../core/request-size.ts';
import type { SessionEvent } from '../core/session/events.ts';
import { Drive } from '../testing/drive.ts';

const look = { name: 'look', description: 'Looks', type: 'act', trusted: true };
const agent = (config: object = {}) =>
  new Drive({
    nodes: [{ id: 'a', type: 'agent', config: { model: 'm:x', prompt: 'hi', tools: [look], ...config } }],
  } as never);
const said = (text: string, more: object = {}) => ({
  ...{ text, toolCalls: [], finish: 'stop', usage: { inputTokens: 0, outputTokens: 1 }, cost: 1, currency: 'USD' },
  ...{ latencyMs: 1, model: 'm:x', ...more },
});
const wants = (n: number, more: object = {}) =>
  said('', { finish: 'tools', toolCalls: [{ id: 'c', name: 'look', arguments: { n } }], ...more });

interface Asked {
  readonly model: string;
  readonly system?: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}
const asked = (drive: Drive, turn: number) => drive.input(`a[${turn}]/model`) as Asked;
const results = (drive: Drive, turn: number) =>
  asked(drive, turn).messages.flatMap(({ role, content }) => (role === 'tool' ? [content.length] : []));
const tooLong = (drive: Drive, turn: number) => drive.fail(`a[${turn}]/model`, 'permanent', 'context_too_long');

/** After these answers of the tool, one a round. */
function after(drive: Drive, ...answers: string[]): Drive {
  for (const [n, answer] of answers.entries()) {
    drive.complete(`a[${2 * n}]/model`, wants(n));
    drive.complete(`a[${2 * n + 1}]/look`, answer);
  }
  return drive;
}

describe('the provider says that it is too long', () => {
  test('old results are shortened, then those of the last round; then the error is told', () => {
    const drive = after(agent(), 'x'.repeat(9_000), 'y'.repeat(9_000));
    expect(results(drive, 4)).toEqual([9_000, 9_000]);
    tooLong(drive, 4);
    expect(results(drive, 5)).toEqual([expect.closeTo(530, -2), 9_000]);
    tooLong(drive, 5);
    expect(results(drive, 6)).toEqual([expect.closeTo(530, -2), expect.closeTo(2_030, -2)]);
    tooLong(drive, 6);
    expect(drive.state.failure?.error.code).toBe('context_too_long');
  });

  test('with `summarize` what was done before the last round is summed up, and not shown again', () => {
    const drive = after(agent({ memory: { summarize: true } }), 'x'.repeat(9_000), 'y');
    tooLong(drive, 4);
    tooLong(drive, 5);
    expect(asked(drive, 6).messages[0]?.content).toContain('look({"n":0}): xxx');
    drive.complete('a[6]/model', said('I looked once.'));
    expect(asked(drive, 7).system).toContain(
      'What you have done so far for this, summed up:\n<untrusted>\nI looked once.',
    );
    expect(asked(drive, 7).messages).toMatchObject([{ content: 'hi' }, { role: 'assistant' }, { content: 'y' }]);
    drive.complete('a[7]/model', wants(2));
    drive.complete('a[8]/look', 'z');
    tooLong(drive, 9);
    const { content } = asked(drive, 10).messages[0]!;
    expect(content).toContain('Summed up so far:\nI looked once.');
    expect(content).not.toContain('xxx');
    drive.complete('a[10]/model', said('Twice.'));
    drive.complete('a[11]/model', said('done'));
    expect(drive.state.output).toEqual({ text: 'done' });
  });

  test('a summary of which nothing is left hides nothing', () => {
    const drive = after(agent({ memory: { summarize: true } }), 'x'.repeat(9_000), 'y');
    tooLong(drive, 4);
    tooLong(drive, 5);
    drive.complete('a[6]/model', said('', { finish: 'filter' }));
    expect(results(drive, 7)).toEqual([expect.closeTo(530, -2), 1]);
  });

  test('where it cannot be summed up either, it goes on without', () => {
    const drive = after(agent({ memory: { summarize: true } }), 'x'.repeat(9_000), 'y'.repeat(9_000));
    tooLong(drive, 4);
    tooLong(drive, 5);
    for (const turn of [6, 7]) tooLong(drive, turn);
    expect(results(drive, 8)[1]).toBe(9_000);
    tooLong(drive, 8);
    expect(results(drive, 9)[1]).toBeLessThan(2_100);
  });

  test('then the next model is asked', () => {
    const drive = after(agent({ model: ['m:x', 'm:y'] }), 'x');
    for (const turn of [2, 3, 4]) tooLong(drive, turn);
    expect(asked(drive, 5).model).toBe('m:y');
  });
});

describe('the window of the model is known', () => {
  /** Characters: (2,000 - 100) tokens of three. */
  const room = 5_700;

  test('nothing is left out of what fits', () => {
    const drive = after(agent({ model: 'm:small' }), 'x'.repeat(2_000), 'y'.repeat(2_000));
    expect(results(drive, 4)).toEqual([2_000, 2_000]);
  });

  test('no call is made that it cannot read', () => {
    const drive = after(agent({ model: 'm:small' }), 'x'.repeat(3_000), 'y'.repeat(3_000));
    expect(results(drive, 4)).toEqual([expect.closeTo(530, -2), 3_000]);
    drive.complete('a[4]/model', wants(2));
    drive.complete('a[5]/look', 'z'.repeat(20_000));
    const size = sizeOf(drive.input('a[6]/model') as Request);
    expect(size).toBeGreaterThan(room - 100);
    expect(size).toBeLessThanOrEqual(room);
  });

  test('what the model has said of its tokens counts from then on', () => {
    const drive = agent({ model: 'm:small' });
    const usage = { inputTokens: 250, outputTokens: 1 };
    drive.complete('a[0]/model', wants(0, { usage }));
    drive.complete('a[1]/look', 'x'.repeat(3_000));
    expect(results(drive, 2)[0]).toBeLessThan(1_900);
  });

  test('what fits by what the model has said is not refused as too long', () => {
    const drive = agent({ model: 'm:small' });
    drive.complete('a[0]/model', wants(0, { usage: { inputTokens: 10, outputTokens: 1 } }));
    drive.complete('a[1]/look', 'x'.repeat(20_000));
    const size = sizeOf(drive.input('a[2]/model') as Request);
    expect(size).toBeGreaterThan(11_300);
    expect(Math.ceil(size / MOST_CHARS_PER_TOKEN)).toBeLessThanOrEqual(1_900);
  });

  test('of what the session has heard the newest stays', () => {
    const heard = (n: number) => ({ role: 'user', content: `${n}`.repeat(1_000) });
    const session = { window: [1, 2, 3, 4, 5, 6, 7].map(heard), overflow: [], overflowTo: 0, summary: null, facts: {} };
    const drive = agent({ model: 'm:small', session: 's' });
    drive.complete('a[0]/context', { system: null, prompt: 'hi', tools: [], session });
    expect(asked(drive, 1).messages.map(({ content }) => content[0])).toEqual(['3', '4', '5', '6', '7', 'h']);
    const told = drive.demands.flatMap((one) => (one.kind === 'session' ? one.events : []));
    expect(told.find(({ type }) => type === 'llm.requested')).toMatchObject({ data: { messages: 6 } });
  });

  test('a cheaper model that reads less is given less', () => {
    const limits = { onBudget: { fallback: 'm:small' } };
    const drive = after(agent({ limits }), 'x'.repeat(4_000), 'y'.repeat(4_000));
    expect(results(drive, 4)).toEqual([4_000, 4_000]);
    drive.fail('a[4]/model', 'permanent', 'budget_exceeded', { account: 'project', limit: 1, wanted: 1 });
    expect(results(drive, 5)).toEqual([expect.closeTo(530, -2), 4_000]);
  });
});

test('how much of a result is shown is said by `limits.result`', () => {
  const drive = after(agent({ limits: { result: 100 } }), 'x'.repeat(5_000));
  expect(asked(drive, 2).messages.at(-1)?.content).toBe(`${'x'.repeat(100)}… (4900 more characters)`);
});

describe('a summary that is itself too long', () => {
  const overflow = [1, 2, 3, 4].map((n) => ({ role: 'user', content: `${n}`.repeat(2_000) }));
  const session = { window: [], overflow, overflowTo: 8, overflowAt: [2, 4, 6, 8], summary: null, facts: {} };
  const conversation = (model = 'm:x') => {
    const drive = agent({ model, session: 's', memory: { summarize: true } });
    drive.complete('a[0]/context', { system: null, prompt: 'hi', tools: [], session });
    return drive;
  };
  const summed = (drive: Drive): SessionEvent[] =>
    drive.demands.flatMap((one) =>
      one.kind === 'session' ? one.events.filter(({ type }) => type === 'session.context.updated') : [],
    );

  test('holds the older half, and the rest comes the next time', () => {
    const drive = conversation();
    tooLong(drive, 1);
    expect(asked(drive, 2).messages[0]?.content).not.toContain('333');
    drive.complete('a[2]/model', said('short'));
    expect(summed(drive)).toMatchObject([{ data: { newValue: 'short' } }, { data: { newValue: 4 } }]);
    drive.complete('a[3]/model', said('done'));
    expect(drive.state.output).toEqual({ text: 'done' });
  });

  test('is made smaller before the call where the window is known', () => {
    expect(asked(conversation('m:small'), 1).messages[0]?.content.length).toBeLessThan(5_700);
  });

  test('and is left out in the end: the message is answered', () => {
    const drive = conversation();
    for (const turn of [1, 2, 3, 4]) tooLong(drive, turn);
    expect(asked(drive, 5).messages).toMatchObject([{ content: 'hi' }]);
    drive.complete('a[5]/model', said('done'));
    expect(summed(drive)).toEqual([]);
    expect(drive.state.output).toEqual({ text: 'done' });
  });
});
