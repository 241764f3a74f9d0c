/** Calls about agents: their sessions, money, prompts, blobs and models. */
import type { z } from 'zod';
import type { BudgetPlace, NewBudget, UsageQuery } from '../contract/ledger.ts';
import type { pageQuery } from '../contract/page.ts';
import type {
  appendBody,
  endSessionBody,
  PROJECTION_NAMES,
  performanceQuery,
  RebuildLine,
  recallQuery,
  sessionPageQuery,
  sessionsQuery,
  startSessionBody,
} from '../contract/sessions.ts';
import type { CallOptions } from './call-options.ts';
import { rebuildLines } from './rebuild-lines.ts';
import type { Transport } from './transport.ts';

export function agentCalls(transport: Transport) {
  return {
    sessions: sessionCalls(transport),
    /** Figures of agents by day, the latest first. */
    agentPerformance: async (query: z.input<typeof performanceQuery> = {}, o: CallOptions = {}) =>
      (await transport.call('getAgentPerformance', { query, ...o })).items,
    projections: {
      /** Makes a read model anew; says how far it is. Ends where the server is done. */
      rebuild: (name: (typeof PROJECTION_NAMES)[number], o: CallOptions = {}): AsyncGenerator<RebuildLine, void> =>
        rebuildLines(transport, name, o.signal),
    },
    /** What calls of models cost, the dearest first. */
    usage: async (query: UsageQuery = {}, o: CallOptions = {}) =>
      (await transport.call('getUsage', { query, ...o })).items,
    budgets: {
      list: async (o: CallOptions = {}) => (await transport.call('listBudgets', o)).items,
      /** Sets one, or changes its limit, from the next call on. */
      set: async (budget: NewBudget, o: CallOptions = {}) =>
        (await transport.call('setBudget', { body: budget, ...o })).items,
      remove: (place: BudgetPlace, o: CallOptions = {}) => transport.call('removeBudget', { query: place, ...o }),
    },
    prompts: promptCalls(transport),
    blobs: blobCalls(transport),
    /** Those of the server's settings, then one `PROVIDER:*` for each provider. */
    models: { list: async (o: CallOptions = {}) => (await transport.call('listModels', o)).items },
  };
}

function sessionCalls(transport: Transport) {
  return {
    /** The latest activity first. */
    list: (query: z.input<typeof sessionsQuery> = {}, o: CallOptions = {}) =>
      transport.call('listSessions', { query, ...o }),
    /** `id` is an id or a key, here and below. */
    get: (id: string, o: CallOptions = {}) => transport.call('getSession', { params: { id }, ...o }),
    /** Throws `session_conflict` where the key is taken. */
    start: (session: z.input<typeof startSessionBody>, o: CallOptions = {}) =>
      transport.call('startSession', { body: session, ...o }),
    /** Throws `session_conflict` where others have written since `expectedSeq`. */
    append: (id: string, body: z.input<typeof appendBody>, o: CallOptions = {}) =>
      transport.call('appendSessionEvents', { params: { id }, body, ...o }),
    end: (id: string, body: z.input<typeof endSessionBody> = {}, o: CallOptions = {}) =>
      transport.call('endSession', { params: { id }, body, ...o }),
    /** With all that was said in it. */
    delete: (id: string, o: CallOptions = {}) => transport.call('deleteSession', { params: { id }, ...o }),
    /** A page of what happened; `nextCursor` goes into `after`. */
    events: (id: string, query: z.input<typeof sessionPageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listSessionEvents', { params: { id }, query, ...o }),
    /** As a person reads it; `nextCursor` goes into `after`. */
    timeline: (id: string, query: z.input<typeof sessionPageQuery> = {}, o: CallOptions = {}) =>
      transport.call('getSessionTimeline', { params: { id }, query, ...o }),
    /** What it was after the event of the number `at`; default after all. */
    state: (id: string, { at, ...o }: CallOptions & { at?: number } = {}) =>
      transport.call('getSessionState', { params: { id }, query: { at }, ...o }),
    /** Full-text search over what was said and remembered. */
    recall: async (query: z.input<typeof recallQuery>, o: CallOptions = {}) =>
      (await transport.call('recallSessions', { query, ...o })).items,
  };
}

function promptCalls(transport: Transport) {
  return {
    /** By name, each with its active version. */
    list: (query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listPrompts', { query, ...o }),
    /** The active version where none is named. */
    get: (name: string, { version, ...o }: CallOptions & { readonly version?: number } = {}) =>
      transport.call('getPrompt', { params: { name }, query: { version }, ...o }),
    /** Makes a new version, which becomes active. */
    save: (name: string, body: { readonly text: string; readonly note?: string }, o: CallOptions = {}) =>
      transport.call('savePrompt', { params: { name }, body, ...o }),
    activate: (name: string, version: number, o: CallOptions = {}) =>
      transport.call('activatePrompt', { params: { name }, body: { version }, ...o }),
    delete: (name: string, o: CallOptions = {}) => transport.call('deletePrompt', { params: { name }, ...o }),
  };
}

function blobCalls(transport: Transport) {
  return {
    limits: (o: CallOptions = {}) => transport.call('getBlobLimits', o),
    /** The same content is the same blob. `mediaType` such as `image/png`. */
    upload: (content: Uint8Array, mediaType: string, o: CallOptions = {}) =>
      transport.call('uploadBlob', { content, headers: { 'content-type': mediaType }, ...o }),
    get: async (hash: string, o: CallOptions = {}) => {
      const response = await transport.open('getBlob', { params: { hash }, ...o });
      const mediaType = response.headers.get('content-type') ?? 'application/octet-stream';
      return { mediaType, content: new Uint8Array(await response.arrayBuffer()) };
    },
  };
}
