import type { NewMessage } from '../../ports/outbox.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

/** Places in the outbox follow the order given. */
export function insertMessages(messages: readonly NewMessage[]): Query[] {
  if (messages.length === 0) return [];
  const events = messages.map((one) => one.event);
  return [
    query(
      `insert into outbox (project_id, message_id, type, topic, key, event)
     select project_id, message_id, type, nullif(topic, ''), nullif(key, ''), event::json
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
