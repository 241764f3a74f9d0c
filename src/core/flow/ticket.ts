/**
 * What a start waits for, made once from its plan and its trigger. First it gathers with its kin, where there is such a
 * setting; then it waits at its gates, and begins when all of them have room.
 *
 * Tickets of one lane wait for the same and go in order, so whoever admits looks at the first few of each lane and
 * knows all: a session is one lane, whatever else limits it; without one, a lane is all gates together.
 */
import type { Env } from '../expression/env.ts';
import type { Template } from '../expression/index.ts';
import type { Mask } from '../masking/mask.ts';
import type { FlowPlan, Gather } from './plan.ts';

export interface Ticket {
  /** Where it waits first. */
  readonly lane: string;
  /** Tickets of the lane that one look must see. */
  readonly depth: number;
  readonly gather: Gather | null;
  /** Characters of the trigger as JSON, where it is to be gathered with others. */
  readonly size: number;
  readonly gates: readonly Gate[];
}

export interface Gate {
  readonly lane: string;
  readonly limit: number;
  /** A slot is taken for so many milliseconds; null: until the execution ends. */
  readonly perMs: number | null;
}

export const LANE_KINDS = ['session', 'concurrency', 'rate', 'debounce', 'batch', 'schedule'] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

/** A key counts by its first characters: lanes are indexed. */
const KEY_LENGTH = 200;
/** Tickets of a lane that one look sees at most, where a limit would let more go. */
const MAX_DEPTH = 100;

/** `now` in milliseconds. Null where nothing holds it: it is of no session. */
function ticketOf(plan: FlowPlan, trigger: unknown, now: number): Ticket | null {
  const { workflowId, gather } = plan;
  const env: Env = { $trigger: trigger, $json: trigger, $now: now };
  const lane = (kind: LaneKind, key: Template) => `${workflowId}:${kind}:${keyText(keyOf(key, env))}`;
  const gates: Gate[] = [];
  if (plan.session !== null && isOfSession(plan.session, env)) {
    gates.push({ lane: lane('session', plan.session), limit: 1, perMs: null });
  }
  if (plan.concurrency !== null) {
    const { limit, key } = plan.concurrency;
    gates.push({ lane: lane('concurrency', key), limit, perMs: null });
  }
  if (plan.rate !== null) {
    const { limit, perMs, key } = plan.rate;
    gates.push({ lane: lane('rate', key), limit, perMs });
  }
  if (gather !== null) {
    const { key, ...how } = gather;
    const isBatch = how.kind === 'batch';
    const size = isBatch ? JSON.stringify(trigger ?? null).length : 0;
    const depth = isBatch ? how.size : MAX_DEPTH;
    return { lane: lane(how.kind, key), depth, gather: how, size, gates };
  }
  return gates.length === 0 ? null : { ...atGates(gates), gather: null, size: 0, gates };
}

/** What cannot be read counts as no key: a start that was accepted elsewhere must not be lost for it. */
function keyOf(key: Template, env: Env): unknown {
  try {
    return key.resolve(env);
  } catch {
    return FAILED;
  }
}

const FAILED = Symbol('failed');

/** Where the expression fails it may be of any session: such starts go one at a time. */
function isOfSession(session: Template, env: Env): boolean {
  const key = keyOf(session, env);
  return key !== null && key !== undefined && key !== '';
}

/** Of a plan, what a ticket is made of; lanes are recorded, so their keys are masked as the trigger is. */
interface Planned {
  readonly flow: FlowPlan | null;
  readonly mask?: Mask | null;
}

/** Where the executions of a schedule wait for one another. */
export const scheduleLane = (workflowId: string, trigger: string): string =>
  `${workflowId}:schedule:${keyText(trigger)}`;

/** The parts of a creation that flow control adds: none where nothing holds it. `gate` is one more than the plan's. */
export function flowOf({ flow, mask }: Planned, trigger: unknown, now: number, gate?: Gate): FlowParts {
  const planned = flow === null ? null : ticketOf(flow, mask == null ? trigger : mask.value(trigger), now);
  const ticket = gate === undefined ? planned : withGate(planned, gate);
  if (ticket === null) return NOTHING;
  const holds = ticket.gates.filter(({ perMs }) => perMs === null).map(({ lane }) => lane);
  return { ticket: { ticket }, holds: holds.length === 0 ? {} : { holds } };
}

interface FlowParts {
  readonly ticket: { readonly ticket?: Ticket };
  /** Lanes whose slots it holds to its end. */
  readonly holds: { readonly holds?: readonly string[] };
}

const NOTHING: FlowParts = { ticket: {}, holds: {} };

function withGate(ticket: Ticket | null, gate: Gate): Ticket {
  const gates = [...(ticket?.gates ?? []), gate];
  if (ticket !== null && ticket.gather !== null) return { ...ticket, gates };
  return { ...atGates(gates), gather: null, size: 0, gates };
}

/** Where a ticket waits for its gates. */
export function atGates(gates: readonly Gate[]): Pick<Ticket, 'lane' | 'depth'> {
  const session = gates.find(({ lane }) => readLane(lane).kind === 'session');
  const lane = session?.lane ?? gates.map((gate) => gate.lane).join('|');
  return { lane, depth: Math.min(MAX_DEPTH, ...gates.map(({ limit }) => limit)) };
}

/** A lane in its parts; `key` is null where starts without one, or all, share it. */
export function readLane(lane: string): { workflowId: string; kind: LaneKind; key: unknown } {
  const [workflowId, kind, ...rest] = lane.split(':');
  const text = rest.join(':');
  return { workflowId: workflowId!, kind: kind as LaneKind, key: text === '' ? null : JSON.parse(text) };
}

/** JSON has no NUL and no lone surrogate, which PostgreSQL refuses. */
function keyText(key: unknown): string {
  if (key === null || key === undefined || key === FAILED) return '';
  const text = JSON.stringify(key);
  return text.length <= KEY_LENGTH ? text : JSON.stringify(text.slice(0, KEY_LENGTH));
}
