/**
 * The store as one process has it: each call goes over a network that loses and delays, and the process may die
 * before or after it takes effect. What has been sent takes effect even where its sender is gone by then.
 */
import { MyelinError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';
import type { Chance } from './chance.ts';
import { drawLatency, drawMishap, type Faults } from './faults.ts';
import type { Life, World } from './world.ts';

/** Does something in the database, by way of the network. */
export type Gate = <T>(call: string, effect: () => Promise<T>, about?: unknown) => Promise<T>;

export interface Caller extends Life {
  /** Gone, for ever. */
  crash(why: string): void;
}

/** Holds every effect in the database against the rules. */
export interface Watch {
  during<T>(by: Life, call: string, about: unknown, effect: () => T): T;
}

export interface GateOptions {
  readonly world: World;
  readonly chance: Chance;
  readonly caller: Caller;
  readonly watch: Watch;
  readonly faults: () => Faults;
}

export function createGate({ world, chance, caller, watch, faults }: GateOptions): Gate {
  const later = (ms: number, run: () => void, life?: Life) => (ms === 0 ? run() : void world.after(ms, run, life));
  return (call, effect, about) =>
    new Promise((resolve, reject) => {
      if (!caller.alive) return;
      const present = faults();
      const mishap = drawMishap(chance, present, call);
      if (mishap === 'crash-before') return caller.crash(`before ${call}`);
      const refuse = () => {
        world.say(caller.name, () => `is told that the store is away (${call}, ${mishap})`);
        reject(new MyelinError('store_unavailable'));
      };
      const back = drawLatency(chance, present);
      later(drawLatency(chance, present), () => {
        if (mishap === 'lost') return later(back, refuse, caller);
        const result = watch.during(caller, call, about, effect);
        // The answer may come late, or nobody may be there to hear it.
        result.catch(() => undefined);
        if (mishap === 'crash-after') return caller.crash(`after ${call}`);
        if (mishap === 'unknown') return later(back, refuse, caller);
        later(back, () => result.then(resolve, reject), caller);
      });
    });
}

export function simStore(inner: Store, gate: Gate, listen: Store['listen']): Store {
  const parts = Object.entries(inner).map(([name, part]) => [
    name,
    typeof part === 'object' ? through(part, gate) : part,
  ]);
  return { ...Object.fromEntries(parts), listen };
}

/** Every operation of a part of the store. */
function through<T extends object>(part: T, gate: Gate): T {
  const operations = Object.entries(part).map(([call, operation]) => [
    call,
    (...args: unknown[]) => gate(call, () => operation(...args), args[0]),
  ]);
  return Object.fromEntries(operations);
}

/** How a process hears of news: late, twice or not at all, and in no order. */
export function simListen({ world, chance, caller, faults }: GateOptions, inner: Store): Store['listen'] {
  return (heard) =>
    inner.listen((news) => {
      const { wakeLost, wakeTwice, wakeLateMs } = faults();
      if (chance.happens(wakeLost)) return;
      for (const _ of chance.happens(wakeTwice) ? ['once', 'again'] : ['once']) {
        world.after(chance.int(0, wakeLateMs), () => heard(news), caller);
      }
    });
}
