import { createEgress, type EgressOptions } from '../adapters/egress/egress.ts';

/** The egress of the product as a server on loopback has it, for tests of adapters that call out by it. */
export const testEgress = (options: Partial<EgressOptions> = {}) =>
  createEgress({ allow: [], loopback: true, ...options });
