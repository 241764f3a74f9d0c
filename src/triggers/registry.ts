/** Every trigger type, by name. A type that is not in this list does not exist. */
import type { TriggerTypes } from '../core/trigger-type.ts';
import { event } from './event.ts';
import { kafka } from './kafka.ts';
import { manual } from './manual.ts';
import { nats } from './nats.ts';
import { poll } from './poll.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { schedule } from './schedule.ts';
import { table } from './table.ts';
import { webhook } from './webhook/index.ts';
import { workflow } from './workflow.ts';

export const triggerTypes: TriggerTypes = new Map(
  [manual, webhook, schedule, event, poll, workflow, kafka, nats, rabbitmq, redis, table].map((type) => [
    type.type,
    type,
  ]),
);
