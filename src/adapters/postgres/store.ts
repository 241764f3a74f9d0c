/** The store on PostgreSQL: each operation is a file of its own, gathered here. */
import { FIRST_TURN } from '../../core/flow/turn.ts';
import type { ExecutionStore, Store } from '../../ports/store.ts';
import { accessStore } from './access.ts';
import { breakerStore } from './breakers.ts';
import { brokerPlaceStore } from './broker-places.ts';
import { claimExecutions } from './claim-executions.ts';
import { committing } from './commit.ts';
import { type Connections, connect } from './connect.ts';
import { connectionStore } from './connections.ts';
import { countAhead, countQueue } from './count-queue.ts';
import { deadLetterStore } from './dead-letters.ts';
import { deliveryStore } from './deliveries.ts';
import { eventFeedStore } from './event-feeds.ts';
import { eventGroupStore } from './event-groups.ts';
import { eventSchemaStore } from './event-schemas.ts';
import { deleteExecution, executionByKey, getExecution, ownedExecutions, releaseExecutions } from './executions.ts';
import { guarded } from './failures.ts';
import { figureStore } from './figures.ts';
import { fileStore } from './files.ts';
import { flowStore } from './flow.ts';
import { ledgerStore } from './ledger.ts';
import { countExecutions, listExecutions, pageExecutions } from './list-executions.ts';
import { liveStore } from './live.ts';
import { ensureMessageDays } from './message-days.ts';
import { messageStore } from './messages.ts';
import { migrate } from './migrate.ts';
import { ensurePartitions } from './partitions.ts';
import { pollStore } from './polls.ts';
import { promptStore } from './prompts.ts';
import { quarantineExecution } from './quarantine-execution.ts';
import { readEvents, readHistories } from './read-histories.ts';
import { replayStore } from './replays.ts';
import { adoptRestored } from './restored-messages.ts';
import { retentionStore } from './retention.ts';
import { type RuledProjects, ruledProjects } from './ruled-projects.ts';
import { scheduleStore } from './schedules.ts';
import { sessionStore } from './sessions.ts';
import { signInStore } from './sign-ins.ts';
import { fireTimers, postSignal, postToEach, postToWorkflow, readSignals, signaledExecutions } from './signals.ts';
import { listen } from './sql.ts';
import { tidy } from './tidy.ts';
import { tokenStore } from './tokens.ts';
import { triggerStateStore } from './trigger-states.ts';
import { waitStore } from './waits.ts';
import { CHANNEL, isNews } from './wake.ts';
import { workerStore } from './workers.ts';
import { workflowStore } from './workflows.ts';

/** Connects, migrates, and makes the partitions of this month and the next. Throws `schema_newer`. */
export async function openPostgresStore(url: string): Promise<Store> {
  const connections = connect(url);
  try {
    await guarded(() => migrate(connections.sql));
    await guarded(() => ensurePartitions(connections.sql, Date.now()));
    await guarded(() => ensureMessageDays(connections.sql, Date.now()));
    await guarded(() => adoptRestored(connections.sql));
  } catch (error) {
    await close(connections);
    throw error;
  }
  return gather(connections);
}

function gather(connections: Connections): Store {
  const { sql, url } = connections;
  const listeners: { close(): Promise<void> }[] = [];
  const ruled = ruledProjects(sql);
  return {
    executions: executionStore(connections, ruled),
    workflows: workflowStore(sql),
    workers: workerStore(sql),
    access: accessStore(sql),
    signIns: signInStore(sql),
    retention: retentionStore(sql),
    breakers: breakerStore(sql),
    messages: messageStore(sql),
    eventGroups: eventGroupStore(sql),
    replays: replayStore(sql),
    eventSchemas: eventSchemaStore(sql),
    eventFeeds: eventFeedStore(sql),
    waits: waitStore(sql),
    flow: flowStore(sql),
    deadLetters: deadLetterStore(sql),
    ledger: ledgerStore(sql, ruled),
    prompts: promptStore(sql),
    connections: connectionStore(sql),
    deliveries: deliveryStore(sql),
    files: fileStore(sql),
    sessions: sessionStore(sql),
    tokens: tokenStore(sql),
    figures: figureStore(sql),
    schedules: scheduleStore(sql),
    polls: pollStore(sql),
    triggerStates: triggerStateStore(sql),
    brokerPlaces: brokerPlaceStore(sql),
    live: liveStore(sql, url, (listener) => void listeners.push(listener)),
    listen: async (heard) => {
      const connected = () => {
        heard('work');
        heard('messages');
        heard('flow');
        heard('sessions');
        heard('tokens');
        heard('schedules');
        heard('schemas');
      };
      const told = (payload: string) => heard(isNews(payload) ? payload : 'work');
      const listener = await guarded(() => listen(url, CHANNEL, told, connected));
      listeners.push(listener);
    },
    ping: () =>
      guarded(async () => {
        await sql`select 1`;
      }),
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await close(connections);
    },
  };
}

function executionStore({ sql, writer }: Connections, ruled: RuledProjects): ExecutionStore {
  const turn = { after: FIRST_TURN };
  const commit = committing(writer, ruled);
  return {
    commit: (commits) => guarded(() => commit(commits)),
    claim: (owner, limit) => guarded(() => claimExecutions(sql, turn, owner, limit)),
    queued: (limit) => guarded(() => countQueue(sql, limit)),
    ahead: (of, limit) => guarded(() => countAhead(sql, of, limit)),
    histories: (ids) => guarded(() => readHistories(sql, ids)),
    signals: (ids) => guarded(() => readSignals(sql, ids)),
    signaled: (owner) => guarded(() => signaledExecutions(sql, owner)),
    postToEach: (each) => guarded(() => postToEach(sql, each)),
    postToWorkflow: (projectId, workflowId, signal) =>
      guarded(() => postToWorkflow(sql, projectId, workflowId, signal)),
    post: (signal) => guarded(() => postSignal(sql, signal)),
    fireTimers: (now, limit) => guarded(() => fireTimers(sql, now, limit)),
    release: (owner, ids) => guarded(() => releaseExecutions(sql, owner, ids)),
    tidy: (now) => guarded(() => tidy(sql, now)),
    owned: (owner) => guarded(() => ownedExecutions(sql, owner)),
    quarantine: (id, error, owner) => guarded(() => quarantineExecution(sql, id, error, owner)),
    get: (projectId, id) => guarded(() => getExecution(sql, projectId, id)),
    list: (query) => guarded(() => listExecutions(sql, query)),
    page: (query) => guarded(() => pageExecutions(sql, query)),
    count: (query) => guarded(() => countExecutions(sql, query)),
    events: (projectId, id, after, limit) => guarded(() => readEvents(sql, projectId, id, after, limit)),
    delete: (projectId, id) => guarded(() => deleteExecution(sql, projectId, id)),
    byKey: (projectId, key) => guarded(() => executionByKey(sql, projectId, key)),
  };
}

async function close({ sql, writer }: Pick<Connections, 'sql' | 'writer'>): Promise<void> {
  await Promise.all([sql.end(), writer.end()]);
}
