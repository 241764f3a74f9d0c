/** The CloudEvent that an execution publishes. */
import { type CloudEvent, isCloudEvent } from '../cloud-event.ts';
import type { Demand } from './demand.ts';
import type { ExecutionState } from './state.ts';

/** Who publishes. */
export interface Origin extends Pick<ExecutionState, 'id' | 'trigger' | 'depth'> {
  readonly plan: { readonly name: string };
}

export function envelope(
  state: Origin,
  { id, at, message }: Pick<Extract<Demand, { kind: 'message' }>, 'id' | 'at' | 'message'>,
): CloudEvent {
  const cause = isCloudEvent(state.trigger) ? state.trigger : undefined;
  return {
    specversion: '1.0',
    id,
    source: `/workflows/${state.plan.name}/executions/${state.id}`,
    type: message.type,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    ...(message.dataschema === undefined ? {} : { dataschema: message.dataschema }),
    data: message.data,
    ...(message.key === undefined ? {} : { partitionkey: message.key }),
    ...(message.topic === undefined ? {} : { topic: message.topic }),
    correlationid: cause?.correlationid ?? cause?.id ?? state.id,
    causationid: cause?.id ?? state.id,
    causationdepth: state.depth,
  };
}
