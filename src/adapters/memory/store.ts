/**
 * The store in memory: a model of the one on PostgreSQL for unit tests and the simulator, under the same conformance
 * suite. Each operation runs to its end before another begins, so all are atomic. It keeps nothing: not for users.
 */
import { MyelinError } from '../../core/errors.ts';
import { FIRST_TURN } from '../../core/flow/turn.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { ExecutionStore, News, Store } from '../../ports/store.ts';
import { accessStore } from './access.ts';
import { breakerStore } from './breakers.ts';
import { brokerPlaceStore } from './broker-places.ts';
import { commit } from './commit.ts';
import { connectionStore } from './connections.ts';
import { type Database, memoryDatabase } from './database.ts';
import { deadLetterStore } from './dead-letters.ts';
import { deliveryStore } from './deliveries.ts';
import { eventFeedStore } from './event-feeds.ts';
import { eventGroupStore } from './event-groups.ts';
import { eventSchemaStore } from './event-schemas.ts';
import { byKey, count, events, get, histories, list, page, remove } from './executions.ts';
import { figureStore } from './figures.ts';
import { fileStore } from './files.ts';
import { flowStore } from './flow.ts';
import { ledgerStore } from './ledger.ts';
import { liveStore } from './live.ts';
import type { LiveListener } from './live-listener.ts';
import { messageStore } from './messages.ts';
import { pollStore } from './polls.ts';
import { promptStore } from './prompts.ts';
import { quarantine } from './quarantine.ts';
import { ahead, claim, owned, queued, release } from './queue.ts';
import { replayStore } from './replays.ts';
import { retentionStore } from './retention.ts';
import { scheduleStore } from './schedules.ts';
import { sessionStore } from './sessions.ts';
import { signInStore } from './sign-ins.ts';
import { fireTimers, post, postToEach, postToWorkflow, readSignals, signaled, tidy } from './signals.ts';
import { tokenStore } from './tokens.ts';
import { triggerStateStore } from './trigger-states.ts';
import { waitStore } from './waits.ts';
import { workerStore } from './workers.ts';
import { workflowStore } from './workflows.ts';

/** Give several stores one `database` where they stand for processes that share a PostgreSQL; default: a new one. */
export function memoryStore(runtime: Runtime, database: Database = memoryDatabase()): Store {
  const heardHere = new Set<(news: News) => void>();
  const readingHere = new Set<LiveListener>();
  let open = true;
  return {
    executions: executionStore(runtime, database),
    workflows: workflowStore(database),
    workers: workerStore(database, runtime),
    access: accessStore(database),
    signIns: signInStore(database),
    retention: retentionStore(database, runtime),
    breakers: breakerStore(database, runtime),
    messages: messageStore(database, runtime),
    eventGroups: eventGroupStore(database),
    replays: replayStore(database),
    eventSchemas: eventSchemaStore(database),
    eventFeeds: eventFeedStore(database, runtime),
    waits: waitStore(database),
    flow: flowStore(database, runtime),
    deadLetters: deadLetterStore(database, runtime),
    ledger: ledgerStore(database),
    prompts: promptStore(database),
    connections: connectionStore(database),
    deliveries: deliveryStore(database),
    files: fileStore(database, runtime),
    sessions: sessionStore(database),
    tokens: tokenStore(database, runtime),
    live: liveStore(database, readingHere),
    figures: figureStore(database, runtime),
    schedules: scheduleStore(database, runtime),
    polls: pollStore(database, runtime),
    triggerStates: triggerStateStore(database, runtime),
    brokerPlaces: brokerPlaceStore(database),
    listen: async (heard) => {
      const called = (news: News) => heard(news);
      heardHere.add(called);
      database.listeners.add(called);
    },
    ping: async () => {
      if (!open) throw new MyelinError('store_unavailable', 'The memory store was closed.');
    },
    close: async () => {
      open = false;
      for (const heard of heardHere) database.listeners.delete(heard);
      for (const listener of readingHere) database.liveListeners.delete(listener);
    },
  };
}

function executionStore(runtime: Runtime, database: Database): ExecutionStore {
  const turn = { after: FIRST_TURN };
  return {
    commit: async (commits) => commit(database, runtime.now(), commits),
    claim: async (owner, limit) => claim(database, turn, owner, limit),
    queued: async (limit) => Math.min(limit, queued(database).length),
    ahead: async (of, limit) => Math.min(limit, ahead(database, of)),
    histories: async (ids) => histories(database, ids),
    signals: async (ids) => readSignals(database, ids),
    signaled: async (owner) => signaled(database, owner),
    post: async (signal) => post(database, signal),
    postToEach: async (each) => postToEach(database, each),
    postToWorkflow: async (projectId, workflowId, signal) => postToWorkflow(database, projectId, workflowId, signal),
    fireTimers: async (now, limit) => fireTimers(database, now, limit),
    release: async (owner, ids) => release(database, owner, ids),
    tidy: async (now) => tidy(database, now),
    owned: async (owner) => owned(database, owner),
    quarantine: async (id, error, owner) => quarantine(database, runtime.now(), id, error, owner),
    get: async (projectId, id) => get(database, projectId, id),
    list: async (query) => list(database, query),
    page: async (query) => page(database, query),
    count: async (query) => count(database, query),
    events: async (projectId, id, after, limit) => events(database, projectId, id, after, limit),
    delete: async (projectId, id) => remove(database, runtime.now(), projectId, id),
    byKey: async (projectId, key) => byKey(database, runtime.now(), projectId, key),
  };
}
