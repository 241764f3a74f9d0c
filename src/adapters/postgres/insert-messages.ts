import type { NewMessage } from '../../ports/outbox.ts';
import { array, texts } from './columns.ts';
import type { Sql } from './sql.ts';

/** Places in the outbox follow the order given. */
export async function insertMessages(tx: Sql, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const events = messages.map((one) => one.event);
  await tx.unsafe(
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
  );
}
