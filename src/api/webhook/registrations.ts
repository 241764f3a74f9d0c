/**
 * Which webhook a request belongs to, ready to use: config parsed, secrets resolved, templates compiled. Kept for a
 * second, so that a hot path costs no query, and a change made by another process is seen soon. A change made by
 * this process is seen at once (`forget`).
 */
import { parseDuration } from '../../core/duration.ts';
import { MyelinError } from '../../core/errors.ts';
import { compileTemplate, type Template } from '../../core/expression/index.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { WebhookRow, WorkflowStore } from '../../ports/workflows.ts';
import { type WebhookConfig, webhookConfig } from '../../triggers/webhook/config.ts';
import { matchPath } from '../../triggers/webhook/path.ts';
import { resolveSecrets } from '../../triggers/webhook/resolve.ts';
import { inTime } from '../patience.ts';
import { notAllowed } from '../problems.ts';
import { hiddenHeaders } from './request.ts';

export interface Hook {
  readonly row: WebhookRow;
  /** With its secrets; never stored, never logged. */
  readonly config: WebhookConfig;
  /** Milliseconds a caller waits for the result; null: answered at once. */
  readonly waitMs: number | null;
  readonly dedupe: { readonly key: Template | null; readonly ttlMs: number };
  readonly transform: Template | null;
  /** Headers that an execution does not see. */
  readonly hidden: ReadonlySet<string>;
  /** From the path of the request. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Address {
  readonly projectId: string;
  readonly method: string;
  /** What follows /webhooks/, still percent-encoded. */
  readonly path: string;
}

interface Kept<T> {
  readonly until: number;
  readonly value: Promise<T>;
}

const KEPT_MS = 1_000;
const MOST = 10_000;
/** How long a lookup may take: a caller of a webhook hears soon that the database hangs. */
const PATIENCE_MS = 5_000;
/** Of an `Idempotency-Key`, and of a dedupe key without a ttl of its own. */
const KEY_TTL_MS = 24 * 3_600_000;

export class Registrations {
  readonly #store: WorkflowStore;
  readonly #secrets: Secrets;
  readonly #runtime: Pick<Runtime, 'now' | 'sleep' | 'log'>;
  readonly #hooks = new Map<string, Kept<Hook>>();
  readonly #patterns = new Map<string, Kept<readonly WebhookRow[]>>();

  constructor(store: WorkflowStore, secrets: Secrets, runtime: Pick<Runtime, 'now' | 'sleep' | 'log'>) {
    this.#store = store;
    this.#secrets = secrets;
    this.#runtime = runtime;
  }

  /** Throws `webhook_not_found`, `method_not_allowed`, `secret_missing` or `store_unavailable`. */
  find(address: Address): Promise<Hook> {
    const { projectId, method, path } = address;
    return this.#keep(this.#hooks, `${projectId} ${method} ${path}`, () =>
      inTime(this.#runtime, PATIENCE_MS, this.#load(address)),
    );
  }

  /** Workflows have changed. */
  forget(): void {
    this.#hooks.clear();
    this.#patterns.clear();
  }

  #keep<T>(map: Map<string, Kept<T>>, key: string, load: () => Promise<T>): Promise<T> {
    const now = this.#runtime.now();
    const kept = map.get(key);
    if (kept !== undefined && kept.until > now) return kept.value;
    if (map.size >= MOST) map.clear();
    const value = load();
    map.set(key, { until: now + KEPT_MS, value });
    // What was not found is looked for again: the map holds only what is there.
    value.catch(() => map.delete(key));
    return value;
  }

  async #load(address: Address): Promise<Hook> {
    const { projectId, method, path } = address;
    const exact = await this.#store.webhook(projectId, decoded(path), method);
    if (exact !== undefined && !exact.path.includes(':')) return await this.#prepare(exact, {});
    for (const row of await this.#patternsOf(projectId)) {
      const params = row.method === method ? matchPath(row.path, path) : null;
      if (params !== null) return await this.#prepare(row, params);
    }
    throw await this.#refusal(address);
  }

  /** Those with parameters; one with more literal segments goes first. */
  #patternsOf(projectId: string): Promise<readonly WebhookRow[]> {
    return this.#keep(this.#patterns, projectId, async () => {
      const rows = (await this.#store.webhooks(projectId)).filter((row) => row.path.includes(':'));
      return rows.sort((a, b) => paramsIn(a.path) - paramsIn(b.path));
    });
  }

  async #refusal({ projectId, method, path }: Address): Promise<MyelinError> {
    const exact = await this.#store.webhookMethods(projectId, decoded(path));
    const matching = (await this.#patternsOf(projectId)).filter((row) => matchPath(row.path, path) !== null);
    const methods = new Set([...exact, ...matching.map((row) => row.method)]);
    if (methods.size > 0) return notAllowed(method, [...methods].sort());
    return new MyelinError('webhook_not_found', `No active workflow has a webhook at ${path}.`);
  }

  async #prepare(row: WebhookRow, params: Readonly<Record<string, string>>): Promise<Hook> {
    const written = webhookConfig.parse(row.config);
    const config = await this.#withSecrets(row, written);
    const { dedupe, transform, respond, wait } = config;
    return {
      row,
      config,
      waitMs: respond === 'result' ? parseDuration(wait) : null,
      dedupe: {
        key: dedupe === undefined ? null : compileTemplate(dedupe.key),
        ttlMs: dedupe === undefined ? KEY_TTL_MS : parseDuration(dedupe.ttl),
      },
      transform: transform === undefined ? null : compileTemplate(transform),
      hidden: hiddenHeaders(config),
      params,
    };
  }

  /** The caller is a stranger: which secret is missing stands in the log only. */
  async #withSecrets(row: WebhookRow, config: WebhookConfig): Promise<WebhookConfig> {
    try {
      return await resolveSecrets(config, (name) => this.#secrets.get(row.projectId, name));
    } catch (error) {
      if (!(error instanceof MyelinError) || error.code !== 'secret_missing') throw error;
      this.#runtime.log.warn({ workflowId: row.workflowId, trigger: row.triggerName }, error.message);
      throw new MyelinError(
        'secret_missing',
        'The webhook needs a secret that is not set; the log of the server names it.',
      );
    }
  }
}

const paramsIn = (path: string): number => path.split(':').length;

/** An encoded slash stays encoded: it is not the end of a segment. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return path.split('/').map(decodeURIComponent).join('/');
  } catch {
    return path;
  }
}
