/** Schemas of message types, and who looks at messages by them. */
import type { EventSchema } from '../core/event-schema/event-schema.ts';
import type { Checked } from '../core/event-schema/read-message.ts';

export interface EventSchemaStore {
  /** The newest version of each type, by type, those after the type `after`. */
  list(projectId: string, page: { readonly after?: string; readonly limit: number }): Promise<EventSchema[]>;
  /** All versions of a type, newest first. */
  versions(projectId: string, type: string): Promise<EventSchema[]>;
  /** How many types of the project have one. */
  count(projectId: string): Promise<number>;
  /** False where there is such a version already: others were quicker. */
  add(schema: EventSchema): Promise<boolean>;
  /** All versions of a type; false: there was none. */
  delete(projectId: string, type: string): Promise<boolean>;
  /** All of all projects, and their mark; null where it is still `known`: nothing was added or deleted since. */
  changed(known: string | null): Promise<AllSchemas | null>;
}

interface AllSchemas {
  readonly mark: string;
  /** By project, type and version. */
  readonly schemas: readonly EventSchema[];
}

/** What an `emit` node asks before it writes a message. */
export interface Schemas {
  /** Undefined where the type has none: everything fits. Throws `limit_exceeded`. */
  check(
    projectId: string,
    message: {
      readonly type: string;
      readonly data?: unknown;
      readonly data_base64?: string;
      readonly dataschema?: string;
    },
  ): Checked | undefined;
}
