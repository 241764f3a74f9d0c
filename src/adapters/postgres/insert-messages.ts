import type { NewMessage } from '../../ports/messages.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

/** Places in the log follow the order given. Of eight lanes, that of its key; without a key, any. */
export function insertMessages(messages: readonly NewMessage[]): Query[] {
  if (messages.length === 0) return [];
  const events = messages.map((one) => one.event);
  return [
    query(
      `insert into messages (project_id, lane, message_id, type, topic, key, event)
     select project_id, hashtextextended(coalesce(nullif(key, ''), message_id), 0) & 7,
            message_id, type, nullif(topic, ''), nullif(key, ''), event::json
       from unnest($1::uuid[], string_to_array($2, e'\\x1e'), string_to_array($3, e'\\x1e'),
                   string_to_array($4, e'\\x1e'), string_to_array($5, e'\\x1e'), string_to_array($6, e'\\x1e'))
            with ordinality n (project_id, message_id, type, topic, key, event, place)
      order by place`,
      [
        array(messages.map((one) => one.projectId)),
        texts(events.map((event) => event.id)),
        texts(events.map((event) => event.type)),
        texts(events.map((event) => event.topic ?? '')),
        texts(events.map((event) => event.partitionkey ?? '')),
        texts(events.map((event) => JSON.stringify(event))),
      ],
    ),
  ];
}
