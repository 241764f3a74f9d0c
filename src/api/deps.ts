/** What the API stands on: ports, the engine, and a few settings. */
import type { Catalog } from '../core/definition/validate.ts';
import type { ConnectionDesk } from '../engine/connections.ts';
import type { Engine } from '../engine/engine.ts';
import type { Redelivery } from '../engine/redelivery.ts';
import type { Models } from '../ports/model.ts';
import type { Pages } from '../ports/pages.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { Template } from '../ports/templates.ts';
import type { Tools } from '../ports/tools.ts';

export interface ApiDeps {
  readonly store: Store;
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly models: Models;
  readonly tools: Tools;
  /** The web UI; absent: there is none. */
  readonly pages?: Pages;
  readonly secrets: Secrets;
  readonly connections: ConnectionDesk;
  readonly redelivery: Redelivery;
  readonly runtime: Runtime;
  /** Documents to begin with. */
  readonly templates: readonly Template[];
  /** `api` serves /api and /docs, `webhook` serves /webhooks; health and metrics are always there. */
  readonly roles: readonly string[];
  /** The server listens on loopback only: /metrics then needs no key. */
  readonly loopback: boolean;
  /** Where the outside finds the server, without a slash at its end. */
  readonly publicUrl: () => string;
  /** Fires when the server was told to end: it serves on for a moment, and tells its callers to go elsewhere. */
  readonly leaving: AbortSignal;
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number;
}
