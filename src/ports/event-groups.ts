/**
 * Where groups of event triggers stand in the log of messages (core/event-group.ts). A group at the head has no place
 * of its own: the relay takes its messages along with those of all others. One that fell out, since nobody of it is
 * active, was set back, or begins further back, has a place in each lane of the log, and reads on by itself from
 * there; where it has come as far as the relay, the relay takes over. None is passed over there, and none comes twice.
 */
import type { GroupStart, GroupState } from '../core/event-group.ts';
import type { LoggedMessage, Relayed } from './messages.ts';
import type { ListeningTrigger } from './workflows.ts';

/** Messages that are counted of what a group has before it. */
export const MOST_COUNTED = 10_000;

export interface EventGroupStore {
  /** Event triggers of active workflows of these projects, as they are in one moment. */
  listening(projectIds: readonly string[]): Promise<ListeningMember[]>;
  /**
   * Gives what a group has before it in one lane to `deliver`, in the order of the log, and writes down what became of
   * it. Groups with an active trigger only, and those that `hasRoom` is true of; the one that has waited longest, and
   * that no other process has in hand.
   * Messages of a key never overtake one another, nor one of the group that was put off. `now` in milliseconds decides
   * whose time has come. Undefined where there is nothing to do.
   */
  step(
    now: number,
    limit: number,
    deliver: (group: GroupRef, messages: readonly LoggedMessage[]) => Promise<Relayed>,
    hasRoom?: (group: GroupRef) => Promise<boolean>,
  ): Promise<GroupStep | undefined>;
  /** By name; those after the name `after`. */
  list(projectId: string, page: { readonly after?: string; readonly limit: number }): Promise<EventGroup[]>;
  get(projectId: string, name: string): Promise<EventGroup | undefined>;
  /** From now on the group goes on from there; false where there is none of this name. */
  reset(projectId: string, name: string, to: GroupStart, now: number): Promise<boolean>;
  /** Of all projects. */
  figures(now: number): Promise<GroupFigures>;
}

export interface ListeningMember extends ListeningTrigger {
  /** Name of its group. */
  readonly group: string;
  /** How often the group was set back. */
  readonly turn: number;
  /** Lanes of the log that the group reads by itself: what comes there is not for the relay to hand to it. */
  readonly behind: readonly number[];
}

export interface GroupRef {
  readonly projectId: string;
  readonly name: string;
}

export interface GroupStep extends GroupRef {
  readonly handed: number;
  /** It is at the head of this lane now. */
  readonly arrived: boolean;
}

export interface EventGroup extends GroupRef {
  readonly state: GroupState;
  /** By name of their workflows. */
  readonly members: readonly GroupMember[];
  /** Messages before it whose types it hears, as far as they are counted: up to `MOST_COUNTED`. */
  readonly waiting: number;
  /** There are more, or more of the log than was looked at. */
  readonly isMore: boolean;
  /** When the oldest of them was written (ms); null where there is none. */
  readonly oldestAt: number | null;
  /** Messages of its project that were removed from the log before it had read them. */
  readonly gone: number;
}

export interface GroupMember extends Omit<ListeningTrigger, 'projectId' | 'version'> {
  readonly active: boolean;
}

export interface GroupFigures {
  readonly catchingUp: number;
  readonly paused: number;
  /** How far behind the one is that is furthest, among those that catch up: milliseconds since what it read last was written. */
  readonly lagMs: number;
}
