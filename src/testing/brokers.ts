/** Tests with a broker that runs. */
import { describe, test } from 'vitest';
import { type BrokerName, lookUp } from './broker-addresses.ts';

/**
 * Tests with a broker. Where it does not run they are left out, and a line says so; CI demands it. `tests` is called
 * in any case, as it is for a `describe` that is skipped, and the address is then empty.
 */
export function describeBroker(name: BrokerName, tests: (address: string) => void): void {
  const { address, missing, demanded } = lookUp(name);
  if (demanded) {
    test(`${name} runs`, () => {
      throw new Error(missing);
    });
  } else {
    if (missing !== undefined) console.warn(`left out: ${missing}`);
    describe.skipIf(missing !== undefined)(name, () => tests(address));
  }
}
