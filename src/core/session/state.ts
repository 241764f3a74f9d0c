/**
 * What a session is after its events: plain data, so that a snapshot is its JSON. It knows no ids of the store; the
 * place of each message is its number in the stream.
 */
import type { Content } from '../conversation.ts';
import type { Json } from '../json.ts';
import type { SessionEvent, SessionEventData, SessionEventType, Writer } from './events.ts';

/** Form of a state; a snapshot of another form is not used, the events are folded instead. */
export const STATE_VERSION = 2;

/** Key in the context: the number of the last message that the summary holds. No model writes it. */
export const SUMMED_UP_TO = 'summary.upTo';

/** Events from one snapshot to the next. */
export const SNAPSHOT_EVERY = 100;

export interface SessionState {
  /** Number of the last event; 0: there was none. */
  seq: number;
  key: string;
  agent: string;
  userId: string | null;
  status: 'active' | 'ended';
  /** Milliseconds since the epoch, like all times here. */
  startedAt: number;
  lastActivity: number;
  endedAt: number | null;
  endReason: SessionEventData['agent.session.ended']['reason'] | null;
  /** Where it came from; free. */
  metadata: Json;
  messages: SessionMessage[];
  /** What is remembered, by key. Without a prototype: keys are what somebody sent. */
  context: Record<string, Json>;
  /** What was said, in short, as the agent or the end of the session has it. */
  summary: string | null;
  intent: { readonly intent: string; readonly confidence: number; readonly entities: Json } | null;
  /** Asked and not yet answered, by request or invocation. */
  openModelCalls: Record<string, { readonly model: string; readonly at: number }>;
  openToolCalls: Record<string, { readonly tool: string; readonly at: number }>;
  readonly counters: SessionCounters;
}

export type SessionMessage =
  | {
      readonly role: 'user';
      readonly seq: number;
      readonly at: number;
      readonly id: string;
      readonly content: Content;
      readonly untrusted?: true;
    }
  | {
      readonly role: 'agent';
      readonly seq: number;
      readonly at: number;
      readonly id: string;
      readonly content: Json;
      /** Somebody answered in its place. */
      readonly by?: Writer;
    };

interface SessionCounters {
  /** Of people and the agent. */
  messages: number;
  /** Those that have come back, failed ones too. */
  modelCalls: number;
  failedModelCalls: number;
  toolCalls: number;
  failedToolCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** In nanos. */
  cost: number;
}

/** The meaning of an event: a change of the state. `state.seq` is the event's own number already. */
export type Apply<T extends SessionEventType> = (
  state: SessionState,
  event: Extract<SessionEvent, { type: T }>,
) => void;

/** Before its first event. */
export function newState(): SessionState {
  return {
    seq: 0,
    key: '',
    agent: '',
    userId: null,
    status: 'active',
    startedAt: 0,
    lastActivity: 0,
    endedAt: null,
    endReason: null,
    metadata: null,
    messages: [],
    context: bare(),
    summary: null,
    intent: null,
    openModelCalls: bare(),
    openToolCalls: bare(),
    counters: {
      messages: 0,
      modelCalls: 0,
      failedModelCalls: 0,
      toolCalls: 0,
      failedToolCalls: 0,
      inputTokens: 0,
      outputTokens: 0,
      cost: 0,
    },
  };
}

/** A state out of a snapshot that has just been parsed; nobody else may hold it. */
export function reviveState(parsed: SessionState): SessionState {
  return {
    ...parsed,
    context: bare(parsed.context),
    openModelCalls: bare(parsed.openModelCalls),
    openToolCalls: bare(parsed.openToolCalls),
  };
}

/** The same entries without a prototype, so that no key means more than itself. */
export function bare<T>(entries: Readonly<Record<string, T>> = {}): Record<string, T> {
  return Object.assign(Object.create(null), entries);
}
