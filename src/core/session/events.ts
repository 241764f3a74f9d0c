/**
 * The events of a session: a conversation with an agent, a stream of its own. They are written by the commits of the
 * executions that carry it on, or by the API. Types and meaning are those of the sources.
 */
import type { Content, ToolCall } from '../conversation.ts';
import type { ErrorInfo } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Usage } from '../money.ts';

export interface SessionEventData {
  readonly 'agent.session.started': {
    readonly key: string;
    readonly agent: string;
    readonly userId: string | null;
    /** Where it came from, such as a channel; free. */
    readonly metadata?: Json;
    readonly context?: Readonly<Record<string, Json>>;
    /** Milliseconds without activity after which it ends by itself; default what the server says. */
    readonly idleMs?: number;
  };
  readonly 'user.message.received': {
    readonly messageId: string;
    readonly content: Content;
    /** It came from outside the house. */
    readonly untrusted?: boolean;
    readonly metadata?: Json;
  };
  readonly 'intent.classified': {
    readonly messageId?: string;
    readonly intent: string;
    /** From 0 to 1. */
    readonly confidence: number;
    readonly entities?: Json;
    readonly alternatives?: readonly { readonly intent: string; readonly confidence: number }[];
  };
  readonly 'llm.requested': { readonly requestId: string; readonly model: string; readonly messages: number };
  readonly 'llm.responded': {
    readonly requestId: string;
    readonly model: string;
    readonly text?: string;
    readonly toolCalls?: readonly ToolCall[];
    readonly usage?: Usage;
    /** In nanos. */
    readonly cost?: number;
    readonly currency?: string;
    readonly latencyMs: number;
    readonly finish?: string;
    /** It did not answer. */
    readonly error?: ErrorInfo;
  };
  readonly 'tool.invoked': {
    readonly invocationId: string;
    readonly tool: string;
    /** Those it was called with. */
    readonly arguments: Json;
    /** What the model wanted, where a person made others of it. */
    readonly requested?: Json;
    readonly approvedBy?: string;
  };
  readonly 'tool.completed': {
    readonly invocationId: string;
    readonly tool: string;
    readonly success: boolean;
    readonly output?: Json;
    readonly error?: ErrorInfo;
    readonly durationMs: number;
  };
  /** What the model thought before it acted. */
  readonly 'chain.step': { readonly step: number; readonly thought: string };
  readonly 'agent.response.generated': {
    readonly responseId: string;
    readonly content: Json;
    readonly contentType: 'text' | 'structured';
    readonly confidence?: number;
  };
  readonly 'session.context.updated': {
    readonly updateType: 'memory' | 'preference' | 'state' | 'summary';
    readonly key: string;
    /** Null: forgotten. */
    readonly newValue: Json;
    readonly oldValue?: Json;
  };
  readonly 'agent.session.ended': {
    readonly reason: 'user_close' | 'timeout' | 'completed' | 'error';
    readonly summary?: string;
    readonly durationSeconds: number;
    readonly messageCount: number;
  };
  /** It had ended, and an execution goes on with it: written by the store, before what it adds. */
  readonly 'agent.session.reopened': Readonly<Record<string, never>>;
}

export type SessionEventType = keyof SessionEventData;

export interface SessionEventOf<T extends SessionEventType> {
  readonly type: T;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly data: SessionEventData[T];
  /** The execution whose commit wrote it. */
  readonly executionId?: string;
  /** Who wrote it by the API. */
  readonly by?: Writer;
}

/** Keys belong to projects, not to people: which key it was is known, and the name is what its holder says. */
export interface Writer {
  readonly key: string;
  /** A person in a browser, or a program that has the key itself. */
  readonly via: 'browser' | 'key';
  readonly name?: string;
}

/** Whoever answers by name, or in a browser, is a person; undefined: a program. */
export const personOf = ({ key, via, name }: Writer): string | undefined =>
  name ?? (via === 'browser' ? key : undefined);

export type SessionEvent = { [T in SessionEventType]: SessionEventOf<T> }[SessionEventType];
