/** Events of a session as what a person reads: calls of models and tools are one thing from their beginning to their end. */
import type { SessionEventAnswer } from '../../../../src/contract/sessions.ts';
import type { SessionEventData } from '../../../../src/core/session/events.ts';

interface Base {
  /** Number of the event that it began with. */
  readonly first: number;
  /** Number of the event that it ends with so far. */
  readonly seq: number;
  readonly at: string;
  readonly executionId: string | null;
}
export type ModelCall = Base & {
  readonly kind: 'model';
  readonly model: string;
  readonly answer: SessionEventData['llm.responded'] | null;
};
export type ToolCall = Base & {
  readonly kind: 'tool';
  readonly tool: string;
  readonly input: unknown;
  /** What the model wanted, where a person made others of it. */
  readonly requested: unknown;
  readonly approvedBy: string | undefined;
  readonly answer: SessionEventData['tool.completed'] | null;
};
export type Turn =
  | (Base & { readonly kind: 'user'; readonly content: unknown; readonly untrusted: boolean })
  | (Base & {
      readonly kind: 'agent';
      readonly content: unknown;
      /** Null: the agent itself. */
      readonly by: SessionEventAnswer['by'];
    })
  | (Base & { readonly kind: 'thought'; readonly text: string })
  | (Base & { readonly kind: 'note'; readonly text: string })
  | ModelCall
  | ToolCall;

type Data<T extends keyof SessionEventData> = SessionEventData[T];

export function turnsOf(events: readonly SessionEventAnswer[]): Turn[] {
  const turns: Turn[] = [];
  /** Place in `turns` of calls that have no end yet, by their id. */
  const open = new Map<string, number>();
  for (const { seq, type, at, executionId, by, data } of events) {
    const base = { first: seq, seq, at, executionId };
    const end = (id: string, answer: unknown) => {
      const place = open.get(id);
      open.delete(id);
      if (place === undefined) return;
      turns[place] = { ...(turns[place] as ModelCall), seq, answer: answer as ModelCall['answer'] };
    };
    switch (type) {
      case 'user.message.received': {
        const { content, untrusted = false } = data as Data<typeof type>;
        turns.push({ ...base, kind: 'user', content, untrusted });
        break;
      }
      case 'agent.response.generated':
        turns.push({ ...base, kind: 'agent', content: (data as Data<typeof type>).content, by });
        break;
      case 'llm.requested': {
        const { requestId, model } = data as Data<typeof type>;
        open.set(requestId, turns.push({ ...base, kind: 'model', model, answer: null }) - 1);
        break;
      }
      case 'llm.responded':
        end((data as Data<typeof type>).requestId, data);
        break;
      case 'tool.invoked': {
        const { invocationId, tool, arguments: input, requested, approvedBy } = data as Data<typeof type>;
        const call = { ...base, kind: 'tool', tool, input, requested, approvedBy, answer: null } as const;
        open.set(invocationId, turns.push(call) - 1);
        break;
      }
      case 'tool.completed':
        end((data as Data<typeof type>).invocationId, data);
        break;
      case 'chain.step':
        turns.push({ ...base, kind: 'thought', text: (data as Data<typeof type>).thought });
        break;
      default:
        turns.push({ ...base, kind: 'note', text: noteOf(type, data) });
    }
  }
  return turns;
}

function noteOf(type: string, data: unknown): string {
  if (type === 'intent.classified') {
    const { intent, confidence } = data as Data<typeof type>;
    return `Intent: ${intent} (${Math.round(confidence * 100)} %)`;
  }
  if (type === 'session.context.updated') {
    const { key, newValue } = data as Data<typeof type>;
    return newValue === null ? `${key} is forgotten` : `Remembered ${key}: ${JSON.stringify(newValue)}`;
  }
  if (type === 'agent.session.started') return `Began with ${(data as Data<typeof type>).agent}`;
  if (type === 'agent.session.ended') return `Ended: ${(data as Data<typeof type>).reason.replace('_', ' ')}`;
  if (type === 'agent.session.reopened') return 'Goes on again';
  return type;
}
