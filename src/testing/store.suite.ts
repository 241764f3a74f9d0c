/**
 * What every implementation of the Store port must do: one suite, run over each adapter. Its tests have projects and
 * ids of their own and run one after another, so the database may hold anything else, as long as nobody works on it
 * meanwhile: queue, timers and workers belong to no project and are drained. Workflows are of the default project,
 * since the tables of definitions know their projects.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../ports/store.ts';
import { accessSuite } from './store/access.suite.ts';
import { breakerSuite } from './store/breakers.suite.ts';
import { brokerPlaceSuite } from './store/broker-places.suite.ts';
import { budgetSuite } from './store/budgets.suite.ts';
import { commitSuite } from './store/commit.suite.ts';
import { connectionSuite } from './store/connections.suite.ts';
import { deadLetterRuleSuite } from './store/dead-letter-rules.suite.ts';
import { deadLetterSuite } from './store/dead-letters.suite.ts';
import { deliverySuite } from './store/deliveries.suite.ts';
import { eventFeedSuite } from './store/event-feeds.suite.ts';
import { eventGroupPlaceSuite } from './store/event-group-places.suite.ts';
import { eventGroupSuite } from './store/event-groups.suite.ts';
import { eventSchemaSuite } from './store/event-schemas.suite.ts';
import { executionSuite } from './store/executions.suite.ts';
import { figureSuite } from './store/figures.suite.ts';
import { fileSuite } from './store/files.suite.ts';
import { flowSuite } from './store/flow.suite.ts';
import { historySuite } from './store/history.suite.ts';
import { keySuite } from './store/keys.suite.ts';
import { ledgerSuite } from './store/ledger.suite.ts';
import { leftOverSuite } from './store/left-overs.suite.ts';
import { liveSuite } from './store/live.suite.ts';
import { messageSuite } from './store/messages.suite.ts';
import { ownerSuite } from './store/owner.suite.ts';
import { pollSuite } from './store/polls.suite.ts';
import { promptSuite } from './store/prompts.suite.ts';
import { queueSuite } from './store/queue.suite.ts';
import { replaySuite } from './store/replays.suite.ts';
import { retentionSuite } from './store/retention.suite.ts';
import { scheduleSuite } from './store/schedules.suite.ts';
import { sessionListSuite } from './store/session-lists.suite.ts';
import { sessionModelSuite } from './store/session-models.suite.ts';
import { sessionSuite } from './store/sessions.suite.ts';
import { signInSuite } from './store/sign-ins.suite.ts';
import { signalSuite, timerSuite } from './store/signals.suite.ts';
import { tokenSuite } from './store/tokens.suite.ts';
import { triggerStateSuite } from './store/trigger-states.suite.ts';
import { triggerSuite } from './store/triggers.suite.ts';
import { turnsSuite } from './store/turns.suite.ts';
import { waitSuite } from './store/waits.suite.ts';
import { workerSuite } from './store/workers.suite.ts';
import { workflowSuite } from './store/workflows.suite.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and whatever was opened for it. */
  close(): Promise<void>;
}

const SUITES = [
  commitSuite,
  ownerSuite,
  keySuite,
  queueSuite,
  turnsSuite,
  flowSuite,
  signalSuite,
  timerSuite,
  historySuite,
  executionSuite,
  retentionSuite,
  leftOverSuite,
  workflowSuite,
  triggerSuite,
  triggerStateSuite,
  brokerPlaceSuite,
  scheduleSuite,
  pollSuite,
  workerSuite,
  accessSuite,
  signInSuite,
  breakerSuite,
  messageSuite,
  eventGroupSuite,
  eventGroupPlaceSuite,
  replaySuite,
  eventSchemaSuite,
  eventFeedSuite,
  waitSuite,
  deadLetterSuite,
  deadLetterRuleSuite,
  promptSuite,
  connectionSuite,
  deliverySuite,
  fileSuite,
  sessionSuite,
  sessionModelSuite,
  sessionListSuite,
  tokenSuite,
  liveSuite,
  figureSuite,
  ledgerSuite,
  budgetSuite,
];

/** Declares the suite for the store that `open` gives; it is opened once, before the first test. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let opened: OpenedStore | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const store = (): Store => {
      if (opened === undefined) throw new Error('The store is open only while tests run.');
      return opened.store;
    };
    for (const suite of SUITES) suite(store);
  });
}
