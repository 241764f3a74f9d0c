/** Flow control as a person looks at it: what one execution waits for, and how full the lanes are. */
import { type LaneKind, readLane } from '../core/flow/ticket.ts';
import type { FlowPlace, LaneCount } from '../ports/flow.ts';
import type { WaitView } from './execution-shape.ts';

export interface LaneView {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly kind: LaneKind;
  readonly key: unknown;
  readonly running: number;
  readonly waiting: number;
}

/** Running are those that hold a slot; of a rate, those begun within its time. */
export function laneView({ lane, workflowName, taken, waiting }: LaneCount): LaneView {
  return { ...readLane(lane), workflowName, running: taken, waiting };
}

/** One for each thing it waits for. What gathers comes to its gates later. */
export function flowWaits({ ticket, ahead, queuedAt, since }: FlowPlace): WaitView[] {
  const { gather, gates } = ticket;
  if (gather === null) return gates.map(({ lane }) => ({ reason: 'capacity', lane: laneText(lane), ahead }));
  const latest = gather.kind === 'debounce' && gather.maxMs !== null ? since + gather.maxMs : Number.POSITIVE_INFINITY;
  const until = new Date(Math.min(queuedAt + gather.waitMs, latest)).toISOString();
  return [{ reason: 'gather', lane: laneText(ticket.lane), until }];
}

/** Such as `session "u1"`. */
function laneText(lane: string): string {
  const { kind, key } = readLane(lane);
  return key === null ? kind : `${kind} ${JSON.stringify(key)}`;
}
