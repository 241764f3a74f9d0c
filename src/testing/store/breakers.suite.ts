import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../core/circuit.ts';
import { MyelinError } from '../../core/errors.ts';
import type { CircuitName } from '../../ports/breakers.ts';
import type { Store } from '../../ports/store.ts';
import { HOUR, newId, newName } from '../factories.ts';

const POLICY = { threshold: 10, windowMs: HOUR, resetMs: HOUR };
/** Its circuits may be probed at once. */
const AT_ONCE = { ...POLICY, resetMs: 0 };
const WELL = verdictOf(undefined);
const ILL = verdictOf(new MyelinError('timeout').toInfo());

export function breakerSuite(store: () => Store): void {
  describe('circuit breakers', () => {
    const breakers = () => store().breakers;
    const newCircuit = (): CircuitName => ({ projectId: newId(), name: `${newName()}:443` });
    const tell = (name: CircuitName, failures: number, { policy = POLICY, calls = failures, pauseMs = 0 } = {}) =>
      breakers().tell([{ ...name, calls, failures, pauseMs }], policy);
    const stateOf = async (name: CircuitName) => (await breakers().look([name]))[0]?.state;

    test('are none as long as nothing fails', async () => {
      const name = newCircuit();
      expect(await breakers().look([name])).toEqual([]);
      expect(await breakers().look([])).toEqual([]);
      expect(await breakers().tell([], POLICY)).toEqual([]);
      expect(await breakers().list(name.projectId)).toEqual([]);
      expect(await breakers().probe(name, newId(), HOUR)).toBeUndefined();
      expect(await breakers().reset(name)).toBeUndefined();
    });

    test('add up what several processes tell, and open', async () => {
      const name = newCircuit();
      const told = await Promise.all([1, 2, 3].map(() => tell(name, 3)));
      expect(told.map(([row]) => row?.failures).sort()).toEqual([3, 6, 9]);
      const [row] = await tell(name, 1);
      expect(row).toMatchObject({ ...name, state: 'open', calls: 10, failures: 10, probe: null });
      expect(row!.until - row!.now).toBe(HOUR);
      expect(await breakers().look([name])).toEqual([{ ...row, now: expect.any(Number) }]);
    });

    test('are told together, each by itself', async () => {
      const [one, two, three] = [newCircuit(), newCircuit(), newCircuit()];
      const tallies = [one, two, three].map((name, index) => ({ ...name, calls: 20, failures: 9 + index, pauseMs: 0 }));
      const rows = await breakers().tell(tallies, POLICY);
      const states = new Map(rows.map((row) => [row.name, row.state]));
      expect([one, two, three].map(({ name }) => states.get(name))).toEqual(['closed', 'open', 'open']);
    });

    test('open for as long as a dependency asks', async () => {
      const [row] = await tell(newCircuit(), 0, { calls: 1, pauseMs: 5_000 });
      expect(row).toMatchObject({ state: 'open' });
      expect(row!.until - row!.now).toBe(5_000);
    });

    test('let exactly one probe through, however many want to', async () => {
      const name = newCircuit();
      await tell(name, 10, { policy: AT_ONCE });
      const tokens = Array.from({ length: 8 }, newId);
      const rows = await Promise.all(tokens.map((token) => breakers().probe(name, token, HOUR)));
      expect(rows.filter((row, index) => row?.probe === tokens[index])).toHaveLength(1);
      expect(new Set(rows.map((row) => row?.probe)).size).toBe(1);
      expect(await stateOf(name)).toBe('half_open');
    });

    test('let no probe through before their time', async () => {
      const name = newCircuit();
      await tell(name, 10);
      expect(await breakers().probe(name, newId(), HOUR)).toMatchObject({ state: 'open', probe: null });
    });

    test('let another probe through when the lease of the first is over', async () => {
      const name = newCircuit();
      const [first, second] = [newId(), newId()];
      await tell(name, 10, { policy: AT_ONCE });
      await breakers().probe(name, first, 0);
      expect(await breakers().probe(name, second, HOUR)).toMatchObject({ probe: second });
      await breakers().settle(name, first, WELL, POLICY);
      expect(await stateOf(name)).toBe('half_open');
    });

    test('go by what the probe found', async () => {
      const name = newCircuit();
      const token = newId();
      await tell(name, 10, { policy: AT_ONCE });
      await breakers().probe(name, token, HOUR);
      await breakers().settle(name, token, ILL, AT_ONCE);
      expect(await stateOf(name)).toBe('open');
      const again = newId();
      expect(await breakers().probe(name, again, HOUR)).toMatchObject({ probe: again });
      await breakers().settle(name, again, WELL, POLICY);
      expect(await breakers().look([name])).toMatchObject([{ state: 'closed', failures: 0, probe: null }]);
    });

    test('are closed by hand', async () => {
      const name = newCircuit();
      await tell(name, 10);
      expect(await breakers().reset(name)).toMatchObject({ ...name, state: 'closed', failures: 0 });
      expect(await stateOf(name)).toBe('closed');
    });

    test('belong to their project', async () => {
      const [mine, other] = [newCircuit(), newCircuit()];
      const foreign = { projectId: other.projectId, name: mine.name };
      const second = { projectId: mine.projectId, name: `a${mine.name}` };
      for (const name of [mine, foreign, second]) await tell(name, 10);
      expect((await breakers().list(mine.projectId)).map(({ name }) => name)).toEqual([second.name, mine.name]);
      await breakers().reset(foreign);
      expect(await stateOf(mine)).toBe('open');
      expect(await stateOf(foreign)).toBe('closed');
    });

    test('are forgotten when they are quiet: closed, or open and asked for by nobody', async () => {
      const [open, quiet, recent, left] = [newCircuit(), newCircuit(), newCircuit(), newCircuit()];
      for (const name of [open, quiet]) await tell(name, 10);
      await breakers().reset(quiet);
      await tell(left, 10, { policy: { ...POLICY, resetMs: -2 * HOUR } });
      await tell(recent, 1);
      await breakers().forget(HOUR);
      const states = await Promise.all([open, quiet, recent, left].map(stateOf));
      expect(states).toEqual(['open', undefined, 'closed', undefined]);
    });
  });
}
