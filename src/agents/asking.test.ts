/** Calls that a person is asked about: what they change is what is done, and everybody is told so. */
import { describe, expect, test } from 'vitest';
import { replay } from '../core/execution/index.ts';
import type { SessionEvent } from '../core/session/events.ts';
import { Drive } from '../testing/drive.ts';

const refund = {
  ...{ name: 'refund', description: 'Sends money back', type: 'act', policy: 'ask' },
  config: { effect: 'irreversible', input: '{{ $json.amount }}' },
};
const model = { finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 }, cost: 1, currency: 'USD', model: 'm:x' };
const said = (text: string, more: object = {}) => ({ ...model, text, toolCalls: [], latencyMs: 1, ...more });
const wants = (name: string, given: unknown) => said('', { toolCalls: [{ id: 'c', name, arguments: given }] });

function asked(config: object = {}): Drive {
  const base = { model: 'm:x', prompt: 'hi', session: 's', tools: [refund] };
  const drive = new Drive({ nodes: [{ id: 'a', type: 'agent', config: { ...base, ...config } }] } as never);
  drive.complete('a[0]/context', { system: null, prompt: 'hi', tools: [], session: null });
  drive.complete('a[1]/model', wants('refund', { order: 'A1', amount: 500 }));
  return drive;
}
const told = (drive: Drive): SessionEvent[] =>
  drive.demands.flatMap((one) => (one.kind === 'session' ? one.events : [])).filter(({ type }) => /^tool/.test(type));
const lastSeen = (drive: Drive, turn: number) =>
  (drive.input(`a[${turn}]/model`) as { messages: { content: string; isError?: boolean }[] }).messages.at(-1);

describe('a person changes the arguments', () => {
  const changed = () => {
    const drive = asked();
    drive.answer({ decision: 'approved', by: 'ada', data: { amount: 50, order: 'A1' } });
    return drive;
  };

  test('the model is told which, and with what the call was made', () => {
    const drive = changed();
    expect(drive.input('a[2]/refund')).toMatchObject({ input: 50 });
    drive.complete('a[2]/refund', 'sent');
    expect(lastSeen(drive, 3)?.content).toBe(
      'A person changed these arguments: amount. The call was made with {"amount":50,"order":"A1"}, not as you wanted it. It answered:\nsent',
    );
  });

  test('of many words the first are told', () => {
    const drive = asked();
    drive.answer({ decision: 'approved', by: 'ada', data: { amount: 50, order: 'A'.repeat(60_000) } });
    drive.complete('a[2]/refund', 'sent');
    const { content } = lastSeen(drive, 3)!;
    expect(content).toMatch(/A{400}… \(\d+ more characters\), not as you wanted it\. It answered:\nsent$/);
    expect(content.length).toBeLessThan(800);
  });

  test('also where the call fails, and by another owner', () => {
    const drive = changed();
    drive.fail('a[2]/refund', 'permanent', 'http_client_error', { status: 404 });
    const again = replay('e', 'p', drive.state.plan, drive.history);
    expect(again.root.nodes[0]?.run?.turns[2]).toEqual(drive.state.root.nodes[0]?.run?.turns[2]);
    expect(lastSeen(drive, 3)).toMatchObject({
      isError: true,
      content: expect.stringMatching(/changed these arguments: amount\. (?:.|\n)*refund failed/),
    });
  });

  test('the session has what was sent and what was wanted, once it is sent', () => {
    const drive = asked();
    expect(told(drive)).toEqual([]);
    drive.answer({ decision: 'approved', by: 'ada', data: { order: 'A1', amount: 50 } });
    const data = {
      ...{ invocationId: expect.any(String), tool: 'refund', arguments: { order: 'A1', amount: 50 } },
      ...{ requested: { order: 'A1', amount: 500 }, approvedBy: 'ada' },
    };
    expect(told(drive)).toEqual([{ type: 'tool.invoked', at: expect.any(Number), data }]);
    drive.complete('a[2]/refund', 'sent');
    expect(told(drive)).toMatchObject([{}, { type: 'tool.completed', data: { success: true } }]);
  });

  test('fields in another order are no change, and what was left alone is not spoken of', () => {
    const drive = asked();
    drive.answer({ decision: 'approved', by: 'ada', data: { amount: 500, order: 'A1' } });
    drive.complete('a[2]/refund', 'sent');
    expect(lastSeen(drive, 3)?.content).toBe('sent');
    expect(told(drive)[0]?.data).toEqual(expect.not.objectContaining({ requested: expect.anything() }));
    expect(told(drive)[0]?.data).toMatchObject({ approvedBy: 'ada' });
  });

  test('arguments of a tool from outside', () => {
    const found = {
      source: 'mcp:x',
      id: 'mcp:x/pay',
      name: 'pay',
      description: '',
      parameters: {},
      hash: '0'.repeat(64),
    };
    const drive = new Drive({
      nodes: [{ id: 'a', type: 'agent', config: { model: 'm:x', prompt: 'hi', tools: [{ source: 'mcp:x' }] } }],
    } as never);
    drive.complete('a[0]/context', {
      ...{ system: null, prompt: 'hi', session: null },
      tools: [{ ...found, effect: 'irreversible' }],
    });
    drive.complete('a[1]/model', wants('pay', { amount: 500 }));
    drive.answer({ decision: 'approved', by: 'ada', data: { amount: 5 } });
    expect(drive.input('a[2]/call')).toMatchObject({ arguments: { amount: 5 } });
    drive.complete('a[2]/call', 'paid');
    expect(lastSeen(drive, 3)?.content).toContain('made with {"amount":5}');
  });
});

test('a call that nobody agreed to is told with what was wanted', () => {
  const drive = asked();
  drive.answer({ decision: 'rejected', by: 'ada', comment: 'no' });
  expect(told(drive)).toMatchObject([
    { type: 'tool.invoked', data: { arguments: { amount: 500 } } },
    { type: 'tool.completed', data: { success: false, error: { code: 'tool_rejected' } } },
  ]);
  expect(told(drive)[0]?.data).not.toHaveProperty('approvedBy');
  expect(lastSeen(drive, 3)?.content).not.toContain('changed');
});
