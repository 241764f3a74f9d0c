import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { replay } from './index.ts';

type Node = Definition['nodes'][number];

const approval = (config: object): Node => ({
  id: 'ask',
  type: 'approval',
  config: { title: 'Pay {{ $json.sum }}?', ...config },
});
const PORTS = ['approved', 'rejected', 'expired'];

/** An approval with a node behind each port. */
function asked(config: object = {}): Drive {
  const ends = PORTS.map((id): Node => ({ id, type: 'transform', config: {} }));
  return new Drive(
    { nodes: [approval(config), ...ends], edges: PORTS.map((port) => `ask:${port} -> ${port}`) },
    { sum: 7 },
  );
}

function question(drive: Drive) {
  const found = drive.demands.findLast((demand) => demand.kind === 'await');
  if (found?.kind !== 'await') throw new Error('nothing was asked');
  return found;
}

const answer = (drive: Drive, given: unknown) =>
  drive.tell({ type: 'answer', waitId: question(drive).waitId, answer: given });
const armed = (drive: Drive) => drive.open.filter((one) => one.kind === 'arm').length;

describe('an approval', () => {
  test('asks with what a person needs, and waits', () => {
    const drive = asked({ assignees: 'anna', form: { type: 'object' } });
    expect(drive.status).toBe('waiting');
    expect(question(drive)).toMatchObject({
      as: 'approval',
      path: 'ask',
      details: { title: 'Pay 7?', data: { sum: 7 }, form: { type: 'object' }, assignees: ['anna'], due: null },
    });
  });

  test.each(['approved', 'rejected'])('%s leaves by that port, with who and when', (decision) => {
    const drive = asked({ timeout: '1h', reminder: '10m' });
    answer(drive, { decision, by: 'anna', comment: 'fine' });
    expect(drive.status).toBe('completed');
    const [event] = drive.history.filter((one) => one.type === 'node.completed');
    expect(event?.data).toMatchObject({
      path: 'ask',
      port: decision,
      output: { sum: 7, decision: { decision, by: 'anna', comment: 'fine', at: expect.any(String) } },
    });
    expect(armed(drive)).toBe(0);
    expect(drive.types()).toContain('node.signaled');
  });

  test('that nobody decides leaves by expired; the question is closed only if it is still open', () => {
    const drive = asked({ timeout: '1h' });
    drive.fire();
    expect(drive.history.find((one) => one.type === 'node.completed')?.data).toMatchObject({ port: 'expired' });
    expect(drive.demands).toContainEqual({ kind: 'close-wait', waitId: question(drive).waitId, expired: true });
  });

  test('may count as decided when its time is over', () => {
    const drive = asked({ timeout: '1h', escalate: { decide: 'rejected' } });
    drive.fire();
    expect(drive.history.find((one) => one.type === 'node.completed')?.data).toMatchObject({ port: 'rejected' });
  });

  test('escalates to others once, then expires', () => {
    const drive = asked({ timeout: '1h', assignees: ['team'], escalate: { to: ['boss'], timeout: '2h' } });
    const { waitId } = question(drive);
    drive.fire();
    expect(drive.status).toBe('waiting');
    expect(question(drive)).toMatchObject({ waitId, details: { assignees: ['boss'], escalate: null } });
    expect(armed(drive)).toBe(1);
    drive.fire();
    expect(drive.history.find((one) => one.type === 'node.completed')?.data).toMatchObject({ port: 'expired' });
  });

  test('escalated without a time of its own waits for ever', () => {
    const drive = asked({ timeout: '1h', escalate: { to: ['boss'] } });
    drive.fire();
    expect(armed(drive)).toBe(0);
    expect(drive.status).toBe('waiting');
  });

  test('reminds again and again, with the same question', () => {
    const drive = asked({ reminder: '10m' });
    drive.fire();
    drive.fire();
    expect(question(drive).details).toMatchObject({ reminders: 2 });
    expect(drive.demands.filter((demand) => demand.kind === 'close-wait')).toEqual([]);
  });

  test('delegated is asked of others; its timers are armed anew', () => {
    const drive = asked({ timeout: '1h', assignees: ['anna'] });
    answer(drive, { delegate: ['ben'], by: 'anna' });
    expect(drive.status).toBe('waiting');
    expect(question(drive).details).toMatchObject({ assignees: ['ben'], delegations: [{ by: 'anna', to: ['ben'] }] });
    expect(armed(drive)).toBe(1);
    answer(drive, { decision: 'approved', by: 'ben' });
    expect(drive.status).toBe('completed');
  });

  test('answered too late changes nothing', () => {
    const drive = asked();
    const { waitId } = question(drive);
    answer(drive, { decision: 'approved', by: 'anna' });
    expect(drive.tell({ type: 'answer', waitId, answer: { decision: 'rejected', by: 'ben' } })).toEqual([]);
  });

  test('of something that is no object keeps it as input', () => {
    const drive = new Drive({ nodes: [approval({ title: 'Ok?', data: 'look' })] }, 'text');
    answer(drive, { decision: 'approved', by: 'anna' });
    expect(drive.history.find((one) => one.type === 'node.completed')?.data).toMatchObject({
      output: { input: 'text', decision: { by: 'anna' } },
    });
  });

  test('comes back from its history as it was', () => {
    const drive = asked({ reminder: '10m' });
    drive.fire();
    const again = replay('e', 'p', drive.state.plan, drive.history);
    expect([...again.waits]).toEqual(
      [...drive.state.waits].map(([id, wait]) => [id, expect.objectContaining({ details: wait.details })]),
    );
    expect(again.status).toBe('waiting');
  });

  test('that cannot be heard fails its node', () => {
    const drive = asked();
    answer(drive, null);
    expect(drive.status).toBe('failed');
  });
});

describe('a wait', () => {
  const waits = (config: Record<string, unknown>) =>
    new Drive({ nodes: [{ id: 'w', type: 'wait', config }] }, { order: 5 });
  const outputOf = (drive: Drive) => drive.history.findLast((one) => one.type === 'node.completed')?.data;

  test('for a callback goes on with what came', () => {
    const drive = waits({ for: 'callback' });
    drive.tell({ type: 'callback', answer: { body: 1 } });
    expect(outputOf(drive)).toMatchObject({ output: { order: 5, signal: { body: 1 } }, port: 'out' });
  });

  test('for a callback closes its question, however the callback came; another changes nothing', () => {
    const drive = waits({ for: 'callback' });
    const asked = drive.demands.find((demand) => demand.kind === 'await');
    drive.tell({ type: 'callback', answer: 1 });
    const closed = { kind: 'close-wait', waitId: asked?.kind === 'await' && asked.waitId, expired: false };
    expect(drive.demands.filter((demand) => demand.kind === 'close-wait')).toEqual([closed]);
    const { seq } = drive.state;
    drive.tell({ type: 'callback', answer: 2 });
    expect(drive.state.seq).toBe(seq);
  });

  test('for a callback that came before finds it', () => {
    const drive = new Drive({
      nodes: [
        { id: 'a', type: 'act', config: {} },
        { id: 'w', type: 'wait', config: { for: 'callback' } },
      ],
      edges: ['a -> w'],
    });
    drive.tell({ type: 'callback', node: 'other', answer: 1 });
    drive.tell({ type: 'callback', answer: 2 });
    drive.complete('a');
    expect(drive.status).toBe('completed');
    expect(outputOf(drive)).toMatchObject({ output: { signal: 2 } });
  });

  test('keeps so many that come before it, and no more', () => {
    const drive = new Drive({
      nodes: [
        { id: 'a', type: 'act', config: {} },
        { id: 'w', type: 'wait', config: { for: 'callback' } },
      ],
      edges: ['a -> w'],
    });
    for (let n = 0; n < 150; n++) drive.tell({ type: 'callback', answer: n });
    expect(drive.state.callbacks).toHaveLength(100);
  });

  test('hears the callback that names it, and no other', () => {
    const drive = waits({ for: 'callback' });
    drive.tell({ type: 'callback', node: 'x', answer: 1 });
    expect(drive.status).toBe('waiting');
    drive.tell({ type: 'callback', node: 'w', answer: 2 });
    expect(outputOf(drive)).toMatchObject({ output: { signal: 2 } });
  });

  test('for a callback with a time limit is told from its timer, and from waits of another kind', () => {
    const drive = new Drive({
      nodes: [
        { id: 'go', type: 'transform', config: {} },
        { id: 'nap', type: 'delay', config: { for: '1h' } },
        { id: 'w', type: 'wait', config: { for: 'callback', timeout: '2h' } },
      ],
      edges: ['go -> nap', 'go -> w'],
    });
    drive.tell({ type: 'callback', node: 'other', answer: 1 });
    drive.tell({ type: 'callback', answer: 2 });
    expect(drive.open.map((one) => one.kind)).toEqual(['arm']);
    drive.fire();
    expect(drive.status).toBe('completed');
  });

  test('expires', () => {
    const drive = new Drive({
      nodes: [
        { id: 'w', type: 'wait', config: { for: 'event', type: 'paid', timeout: '1h' } },
        { id: 'late', type: 'transform', config: {} },
      ],
      edges: ['w:expired -> late'],
    });
    drive.fire();
    expect(outputOf(drive)).toMatchObject({ path: 'late', output: { signal: null } });
  });

  test('for an event takes along what its condition reads', () => {
    const drive = waits({ for: 'event', type: 'paid', match: '{{ $event.data.id == $json.order }}' });
    expect(question(drive)).toMatchObject({
      as: 'event',
      details: {
        type: 'paid',
        match: { condition: expect.any(String), variables: { $json: { order: 5 } }, nodes: {} },
      },
    });
    answer(drive, { id: 'e1', data: { id: 5 } });
    expect(outputOf(drive)).toMatchObject({ output: { signal: { id: 'e1' } } });
  });
});
