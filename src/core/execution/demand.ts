import type { AwaitKind, Emission, Response, SessionRef } from '../node-type.ts';
import type { SessionEvent } from '../session/events.ts';
import type { InheritedAccount, Reservation, Settlement } from './reservation.ts';

/** What a decision asks of the world. */
export type Demand =
  | { readonly kind: 'task'; readonly path: string; readonly attempt: number; readonly reconcile: boolean }
  | { readonly kind: 'abort'; readonly path: string }
  | { readonly kind: 'arm'; readonly timerId: string; readonly at: number }
  | { readonly kind: 'disarm'; readonly timerId: string }
  | {
      readonly kind: 'child';
      readonly executionId: string;
      readonly workflow: string;
      readonly input: unknown;
      readonly path: string;
      readonly wait: boolean;
      /** Budgets that what the child pays counts against too. */
      readonly accounts: readonly InheritedAccount[];
    }
  | { readonly kind: 'cancel-child'; readonly executionId: string; readonly compensate: boolean }
  /** Somebody outside may answer from now on; the same id again changes what it shows. */
  | {
      readonly kind: 'await';
      readonly waitId: string;
      readonly path: string;
      readonly as: AwaitKind;
      readonly details: unknown;
    }
  /** Nobody may answer any more. `expired`: only where no answer was taken in between. */
  | { readonly kind: 'close-wait'; readonly waitId: string; readonly expired: boolean }
  | { readonly kind: 'respond'; readonly response: Response }
  /** With the task of this path and attempt, which goes only if no budget refuses it. */
  | {
      readonly kind: 'charge';
      readonly path: string;
      readonly attempt: number;
      readonly charge: Reservation;
      /** Nothing was paid at this path before. */
      readonly first: boolean;
    }
  | ({ readonly kind: 'settle'; readonly path: string; readonly budgeted?: true } & Settlement)
  | { readonly kind: 'session'; readonly session: SessionRef; readonly events: readonly SessionEvent[] }
  | {
      readonly kind: 'message';
      readonly path: string;
      readonly id: string;
      readonly message: Emission;
      /** Milliseconds since the epoch. */
      readonly at: number;
    };
