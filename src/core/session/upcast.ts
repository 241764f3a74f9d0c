/**
 * Old events in the words of today. An event is stored with the version of its type; at the store's edge it passes
 * all that has changed since, so the rest of the program knows one version. To change a type: append to its list a
 * function from the data as it was to the data as it is, and never touch what stands there.
 */
import { MyelinError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { SessionEvent, SessionEventType } from './events.ts';

/** Data of one version as that of the next. */
type Upcaster = (data: Json) => Json;

/** By type; the first of a list leads from version 1 to 2. */
export type Upcasters = Readonly<Record<SessionEventType, readonly Upcaster[]>>;

export const UPCASTERS: Upcasters = {
  'agent.session.started': [],
  'user.message.received': [],
  'intent.classified': [],
  'llm.requested': [],
  'llm.responded': [],
  'tool.invoked': [],
  'tool.completed': [],
  'chain.step': [],
  'agent.response.generated': [],
  'session.context.updated': [],
  'agent.session.ended': [],
  'agent.session.reopened': [],
};

/** An event as it is stored. */
export interface StoredForm {
  readonly type: string;
  readonly version: number;
  readonly at: number;
  readonly data: Json;
}

/** The version in which events of this type are written today. */
export function versionOf(type: SessionEventType, upcasters: Upcasters = UPCASTERS): number {
  return upcasters[type].length + 1;
}

/** Throws `schema_newer` for a type or version that only a newer program knows. */
export function upcast(stored: StoredForm, upcasters: Upcasters = UPCASTERS): SessionEvent {
  const { type, version, at } = stored;
  if (!isType(type, upcasters) || version > versionOf(type, upcasters)) {
    throw new MyelinError('schema_newer', `An event ${type} of version ${version} was written by a newer Myelin.`);
  }
  const data = upcasters[type].slice(version - 1).reduce((now, step) => step(now), stored.data);
  // Whoever wrote it held it against its type, and each step against the next.
  return { type, at, data } as unknown as SessionEvent;
}

const isType = (type: string, upcasters: Upcasters): type is SessionEventType => Object.hasOwn(upcasters, type);
