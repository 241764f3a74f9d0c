/** What an event trigger hears: its config, compiled once, and the question whether it takes a message. */
import type { CloudEvent } from '../core/cloud-event.ts';
import { compileTemplate, type Template } from '../core/expression/index.ts';
import { type EventConfig, eventConfig } from '../triggers/event.ts';

export interface EventListener {
  readonly config: EventConfig;
  readonly filter: Template | null;
}

export function eventListener(trigger: unknown): EventListener {
  const config = eventConfig.parse(trigger);
  return { config, filter: config.filter === undefined ? null : compileTemplate(config.filter) };
}

/** By topic and filter, for a message whose type fits. Throws where the filter fails. `now` in milliseconds. */
export function takes({ config, filter }: EventListener, event: CloudEvent, now: number): boolean {
  if (config.topic !== undefined && config.topic !== event.topic) return false;
  return filter === null || Boolean(filter.resolve({ $trigger: event, $json: event, $now: now }));
}

/** Of the execution that the message starts. */
export function depthAfter({ causationdepth }: CloudEvent): number {
  return typeof causationdepth === 'number' ? causationdepth + 1 : 0;
}
