/**
 * One client for a server, which is connected when it is needed and again after it was lost. Calls run on it side by
 * side; a link that broke for one of them is closed when the last has left it, while new calls get a new one.
 */
import { Client, type Tool, type Transport } from '@modelcontextprotocol/client';
import { MyelinError } from '../../../core/errors.ts';
import { fitFaults } from '../../../core/json-schema/fit.ts';
import { orAborted } from '../source.ts';
import { isAnswer } from './failure.ts';

export interface ConnectionParts {
  /** A new way to the server, not started. */
  readonly open: () => Transport;
  readonly timeoutMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Faults that concern no call. */
  readonly onFault: (error: Error) => void;
}

/** A client, and what it has learned. */
export interface Link {
  readonly client: Client;
  tools: { readonly list: Promise<readonly Tool[]>; readonly at: number } | undefined;
  users: number;
  lost: boolean;
}

const PROBE_MS = 10_000;
/** A server that never tells of a change is asked again after this. */
const FRESH_MS = 60_000;
const MOST_PAGES = 50;

export class Connection {
  readonly #parts: ConnectionParts;
  #link: Promise<Link> | undefined;
  #stopped = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /** Rejects with what the library or `work` throws, or the reason of the signal. */
  async use<T>(signal: AbortSignal, work: (link: Link) => Promise<T>): Promise<T> {
    if (this.#stopped) throw new MyelinError('shutting_down');
    const link = await orAborted(this.#connected(), signal);
    link.users++;
    try {
      return await work(link);
    } catch (error) {
      if (!signal.aborted && !isAnswer(error)) this.#lose(link);
      throw error;
    } finally {
      link.users--;
      this.#closeLost(link);
    }
  }

  /** What the server offers now, as far as it tells; `again` asks it in any case. */
  async tools(link: Link, signal: AbortSignal, again: boolean): Promise<readonly Tool[]> {
    const { now } = this.#parts;
    if (again || link.tools === undefined || now() - link.tools.at > FRESH_MS) {
      const entry = { list: this.#ask(link), at: now() };
      link.tools = entry;
      entry.list.catch(() => {
        if (link.tools === entry) link.tools = undefined;
      });
    }
    return orAborted(link.tools.list, signal);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const link = await this.#link?.catch(() => undefined);
    this.#link = undefined;
    await link?.client.close();
  }

  async #ask({ client }: Link): Promise<readonly Tool[]> {
    if (client.getServerCapabilities()?.tools === undefined) return [];
    const { tools } = await client.listTools(undefined, { timeout: this.#parts.timeoutMs, cacheMode: 'refresh' });
    return tools;
  }

  #connected(): Promise<Link> {
    if (this.#link === undefined) {
      const connecting = this.#connect();
      this.#link = connecting;
      connecting.catch(() => {
        if (this.#link === connecting) this.#link = undefined;
      });
    }
    return this.#link;
  }

  async #connect(): Promise<Link> {
    const { open, timeoutMs, onFault } = this.#parts;
    const forget = () => {
      link.tools = undefined;
    };
    const client = new Client(
      { name: 'myelin', version: '1' },
      {
        // The newest protocol where the server speaks it, else the one before it.
        versionNegotiation: { mode: 'auto', probe: { timeoutMs: Math.min(PROBE_MS, timeoutMs) } },
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: forget } },
        listMaxPages: MOST_PAGES,
        jsonSchemaValidator: VALIDATOR,
      },
    );
    const link: Link = { client, tools: undefined, users: 0, lost: false };
    client.onerror = onFault;
    client.onclose = () => this.#lose(link);
    await client.connect(open(), { timeout: timeoutMs });
    return link;
  }

  #lose(link: Link): void {
    if (link.lost) return;
    link.lost = true;
    const present = this.#link;
    present?.then(
      (one) => {
        if (one === link && this.#link === present) this.#link = undefined;
      },
      () => undefined,
    );
    this.#closeLost(link);
  }

  #closeLost(link: Link): void {
    if (link.lost && link.users === 0) link.client.close().catch(this.#parts.onFault);
  }
}

/** The library compiles schemas of the server to code; ours are interpreted (rule R2). */
const VALIDATOR: NonNullable<ConstructorParameters<typeof Client>[1]>['jsonSchemaValidator'] = {
  getValidator: (schema) => (input) => {
    const [fault] = fitFaults(schema, input);
    if (fault === undefined) return { valid: true, data: input as never, errorMessage: undefined };
    return { valid: false, data: undefined, errorMessage: `${fault.path} ${fault.message}`.trim() };
  },
};
