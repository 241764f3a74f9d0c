import type { News } from '../../ports/store.ts';
import { array } from './columns.ts';
import { type Query, query } from './query.ts';
import { CHANNEL } from './wake.ts';

interface Written {
  readonly projectId: string;
  readonly streamId: string;
  readonly firstSeq: number;
  readonly events: readonly unknown[];
}

const INSERT = `
    with written as (
       insert into event_feed_entries (project_id, stream_id, first_seq, last_seq)
       select f.project_id, n.stream_id, n.first_seq, n.first_seq + n.events - 1
         from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) with ordinality
              n (project_id, stream_id, first_seq, events, place)
         join event_feeds f on f.project_id = n.project_id
        where n.events > 0 and exists (select from event_feeds)
        order by n.place
       returning 1)
     select pg_notify('${CHANNEL}', '${'feeds' satisfies News}') where exists (select from written)`;

/** Where new events lie, for projects that have a feed, which are told. Where none has, nothing is looked up: that is asked once. */
export function insertFeedEntries(stretches: readonly Written[]): Query {
  return query(INSERT, [
    array(stretches.map((one) => one.projectId)),
    array(stretches.map((one) => one.streamId)),
    array(stretches.map((one) => one.firstSeq)),
    array(stretches.map((one) => one.events.length)),
  ]);
}
