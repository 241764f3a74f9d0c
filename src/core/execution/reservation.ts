import type { Charge, Paid } from '../node-type.ts';

/** A budget above an execution, which what is paid in it counts against. */
export interface InheritedAccount {
  readonly name: string;
  /** In nanos. */
  readonly limit: number;
}

/** What is reserved for an attempt. */
export interface Reservation extends Omit<Charge, 'grants'> {
  readonly accounts: readonly (InheritedAccount & { readonly grants?: readonly Grant[] })[];
  /** What people have let it take of budgets of the project besides. */
  readonly raises?: Charge['grants'];
}

interface Grant {
  readonly id: string;
  readonly amount: number;
}

/** How a paid attempt ended: what it cost, that it cost nothing, or that nobody saw. */
export type Settlement =
  | ({ readonly outcome: 'paid' } & Paid)
  | { readonly outcome: 'free' }
  | { readonly outcome: 'unknown' };
