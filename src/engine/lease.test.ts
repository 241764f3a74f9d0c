import { expect, test } from 'vitest';
import { Lease } from './lease.ts';

function leaseAt(start: number) {
  const clock = { now: start };
  return { clock, lease: new Lease(1_000, { now: () => clock.now }) };
}

test('it is held for its time from when the database was told', () => {
  const { clock, lease } = leaseAt(5_000);
  expect(lease.held).toBe(false);
  lease.heard(4_900);
  expect([lease.held, lease.heardAt]).toEqual([true, 4_900]);
  clock.now = 5_899;
  expect(lease.held).toBe(true);
  clock.now = 5_900;
  expect(lease.held).toBe(false);
});

test('it is in doubt after the clock was set back', () => {
  const { clock, lease } = leaseAt(5_000);
  lease.heard(5_000);
  clock.now = 4_999;
  expect(lease.held).toBe(false);
});

test('who waits for it asks for a heartbeat, and goes on with the first that came in time', async () => {
  const { clock, lease } = leaseAt(5_000);
  let wanted = 0;
  lease.wanted = () => {
    wanted += 1;
  };
  const gone: string[] = [];
  const waiting = Promise.all(['a', 'b'].map((name) => lease.untilHeld().then(() => gone.push(name))));
  expect(wanted).toBe(2);
  clock.now = 7_000;
  lease.heard(6_000);
  await Promise.resolve();
  expect(gone).toEqual([]);
  lease.heard(6_500);
  await waiting;
  expect(gone).toEqual(['a', 'b']);
  await lease.untilHeld();
  expect(wanted).toBe(2);
});
