/** Circuits by project and name; the clock of the runtime stands for the database's. */
import { type Circuit, CLOSED, probed, settled, told } from '../../core/circuit.ts';
import type { BreakerStore, CircuitName, CircuitRow } from '../../ports/breakers.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Database } from './database.ts';

export function breakerStore({ circuits }: Database, runtime: Pick<Runtime, 'now'>): BreakerStore {
  const read = ({ projectId, name }: CircuitName, now = runtime.now()): CircuitRow | undefined => {
    const circuit = circuits.get(placeOf({ projectId, name }));
    return circuit && { ...circuit, projectId, name, now };
  };
  const change = (name: CircuitName, rule: (circuit: Circuit, now: number) => Circuit): CircuitRow | undefined => {
    const before = circuits.get(placeOf(name));
    if (before === undefined) return undefined;
    const now = runtime.now();
    circuits.set(placeOf(name), rule(before, now));
    return read(name, now);
  };
  return {
    tell: async (tallies, policy) =>
      tallies.map((tally) => {
        if (!circuits.has(placeOf(tally))) circuits.set(placeOf(tally), CLOSED);
        return change(tally, (circuit, now) => told(circuit, tally, policy, now))!;
      }),
    look: async (names) => names.map((name) => read(name)).filter((row) => row !== undefined),
    probe: async (name, token, leaseMs) => change(name, (circuit, now) => probed(circuit, token, leaseMs, now)),
    settle: async (name, token, verdict, policy) => {
      change(name, (circuit, now) => settled(circuit, token, verdict, policy, now));
    },
    list: async (projectId) =>
      [...circuits.keys()]
        .filter((place) => place.startsWith(`${projectId} `))
        .sort()
        .map((place) => read({ projectId, name: place.slice(projectId.length + 1) }) as CircuitRow),
    reset: async (name) => change(name, () => CLOSED),
    forget: async (olderThanMs) => {
      for (const [place, { state, since, until }] of circuits) {
        if ((state === 'closed' ? since : until) < runtime.now() - olderThanMs) circuits.delete(place);
      }
    },
  };
}

const placeOf = ({ projectId, name }: CircuitName): string => `${projectId} ${name}`;
