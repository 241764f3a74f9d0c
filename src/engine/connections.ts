/** Connections, with their secrets sealed on the way in and opened on the way out; nothing of a secret leaves by another. */
import { change, connectionType, type Fields, type Parts, parse } from '../core/connections/parts.ts';
import { references } from '../core/definition/references.ts';
import { MyelinError } from '../core/errors.ts';
import type {
  Connection,
  Connections,
  ConnectionTester,
  LastTest,
  SealPlace,
  TestResult,
  Vault,
} from '../ports/connections.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';

export interface ConnectionsOptions {
  readonly store: Pick<Store, 'connections' | 'workflows' | 'eventFeeds'>;
  readonly vault: Vault;
  readonly tester: ConnectionTester;
  readonly runtime: Pick<Runtime, 'now' | 'id' | 'sleep'>;
}

export interface NewConnection {
  readonly name: string;
  readonly type: string;
  /** Public and secret fields. */
  readonly config: Fields;
}

/** What a rotation did. */
export interface Rotation {
  readonly keyVersion: number;
  /** Connections of all projects that were sealed anew. */
  readonly changed: number;
  /** Those that no key of this server opens; they are left as they are, and so are the keys they name. */
  readonly unreadable: number;
}

/** A test is cut off after this. */
const TEST_LIMIT_MS = 15_000;
/** Connections in one round of a rotation, workflows in one look for those that name one. */
const BATCH = 100;
/** Changes that one change may lose against before it gives up. */
const TRIES = 5;

export class ConnectionDesk implements Connections {
  readonly #options: ConnectionsOptions;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  async open(projectId: string, name: string, type: string) {
    const found = await this.#options.store.connections.get(projectId, name);
    if (found === undefined || found.name !== name) {
      throw new MyelinError('connection_missing', `There is no connection ${name}; add it and retry.`);
    }
    if (found.type !== type) {
      throw new MyelinError('connection_missing', `The connection ${name} is of type ${found.type}, not ${type}.`);
    }
    const { open, secret } = await this.#partsOf(found);
    return { id: found.id, updatedAt: found.updatedAt, config: { ...open, ...secret }, secrets: secret };
  }

  /** Throws `invalid_request`, `connection_exists`. */
  async create(projectId: string, { name, type, config }: NewConnection): Promise<Connection> {
    const { store, runtime } = this.#options;
    const parts = parse(connectionType(type), config);
    const [id, now] = [runtime.id(), runtime.now()];
    const sealed = await this.#seal({ projectId, id }, parts);
    const dates = { createdAt: now, updatedAt: now };
    const made = { id, projectId, name, type, ...sealed, ...dates, lastTest: null };
    await store.connections.create(made);
    return made;
  }

  /**
   * Throws `connection_not_found`, `connection_exists`, `connection_in_use`, and what `change` throws; `connection_sealed`
   * where no key opens its secrets and `news` lacks one of them.
   */
  async change(projectId: string, idOrName: string, news: Partial<Omit<NewConnection, 'type'>>): Promise<Connection> {
    const { store, runtime } = this.#options;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const found = await this.get(projectId, idOrName);
      const { name = found.name, config } = news;
      if (name !== found.name) await this.#checkUnused(found, 'renamed');
      const before = await this.#partsBefore(found, config);
      const after = config === undefined ? before : change(connectionType(found.type), before, config);
      // A time of its own, even within a millisecond: a test of what it was before is not noted.
      const updatedAt = Math.max(runtime.now(), found.updatedAt + 1);
      const changed = { ...found, name, ...(await this.#seal(found, after)), updatedAt, lastTest: null };
      if (await store.connections.update(changed, found.sealed)) {
        await store.eventFeeds.hasten(projectId, name);
        return changed;
      }
    }
    throw new MyelinError('overloaded', 'Others change the connection at the same time; try again.');
  }

  /** Throws `connection_not_found`. */
  async get(projectId: string, idOrName: string): Promise<Connection> {
    const found = await this.#options.store.connections.get(projectId, idOrName);
    if (found === undefined) throw new MyelinError('connection_not_found', `There is no connection ${idOrName}.`);
    return found;
  }

  /** Throws `connection_not_found`, `connection_in_use`. */
  async delete(projectId: string, idOrName: string): Promise<void> {
    const found = await this.get(projectId, idOrName);
    await this.#checkUnused(found, 'deleted');
    await this.#options.store.connections.delete(projectId, found.id);
  }

  /** Throws `connection_not_found`, `connection_sealed`; what is wrong outside is a result. */
  async test(projectId: string, idOrName: string): Promise<LastTest> {
    const { store, runtime } = this.#options;
    const found = await this.get(projectId, idOrName);
    const { open, secret } = await this.#partsOf(found);
    const began = runtime.now();
    const result = await this.#try(found.type, { ...open, ...secret });
    const at = runtime.now();
    const lastTest = { ...result, details: { ...result.details, ms: at - began }, at };
    await store.connections.noteTest(found, lastTest, found.updatedAt);
    return lastTest;
  }

  /** All connections of all projects go to a new key. Throws `master_key_given` where only the operator has one. */
  async rotate(): Promise<Rotation> {
    const { store, vault } = this.#options;
    const before = await store.connections.keyVersions();
    const keyVersion = await vault.rotate();
    if (vault.isGiven && before.every((version) => version === keyVersion)) {
      const next = `${keyVersion + 1}:NEW,${keyVersion}:OLD`;
      throw new MyelinError(
        'master_key_given',
        `Set MYELIN_MASTER_KEY to ${next} on every machine, where NEW is 32 random bytes in base64; start again, and rotate.`,
      );
    }
    const counts = await this.#resealAll(keyVersion);
    // The one before stays once more: another process may be writing by it at this moment.
    await vault.keep(await store.connections.keyVersions(), keyVersion - 1);
    return { keyVersion, ...counts };
  }

  async #resealAll(keyVersion: number): Promise<Omit<Rotation, 'keyVersion'>> {
    const { store, vault } = this.#options;
    let [changed, unreadable] = [0, 0];
    for (let after: string | undefined; ; ) {
      const found = await store.connections.sealedOtherwise(keyVersion, BATCH, after);
      for (const one of found) {
        const plain = await unlessSealed(vault.open(one.sealed, one));
        if (plain === undefined) unreadable += 1;
        // Who was quicker has sealed by the new key.
        else if (await store.connections.reseal(one, one.sealed, await vault.seal(plain, one))) changed += 1;
      }
      if (found.length < BATCH) return { changed, unreadable };
      after = found.at(-1)?.id;
    }
  }

  async #try(type: string, config: Fields): Promise<TestResult> {
    const { tester, runtime } = this.#options;
    const [limit, over] = [new AbortController(), new AbortController()];
    const late = runtime.sleep(TEST_LIMIT_MS, over.signal).then((): TestResult => {
      limit.abort(new MyelinError('timeout'));
      return {
        ok: false,
        message: `It took longer than ${TEST_LIMIT_MS / 1_000} s: check host, port and firewalls.`,
        details: {},
      };
    });
    try {
      return await Promise.race([tester.test(type, config, limit.signal), late]);
    } finally {
      over.abort('over');
    }
  }

  async #checkUnused({ projectId, name }: Connection, what: string): Promise<void> {
    const feed = await this.#options.store.eventFeeds.get(projectId);
    if (feed?.connection === name) {
      throw new MyelinError(
        'connection_in_use',
        `The connection ${name} cannot be ${what}: the feed of events goes by it; remove the feed, or give it another.`,
      );
    }
    const users: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = {
        status: 'active',
        key: 'connection',
        limit: BATCH,
        ...(after !== undefined && { after }),
      } as const;
      const workflows = await this.#options.store.workflows.list(projectId, page);
      for (const { name: user, definition } of workflows) {
        if (references(definition).some((one) => one.kind === 'connection' && one.name === name)) users.push(user);
      }
      after = workflows.at(-1)?.name;
      if (workflows.length < BATCH) break;
    }
    if (users.length === 0) return;
    const shown = users.slice(0, 10).join(', ') + (users.length > 10 ? ` and ${users.length - 10} more` : '');
    throw new MyelinError(
      'connection_in_use',
      `The connection ${name} cannot be ${what}: active workflows name it (${shown}).`,
      { workflows: users },
    );
  }

  async #partsOf(one: Connection): Promise<Parts> {
    return { open: one.config, secret: JSON.parse(await this.#options.vault.open(one.sealed, one)) };
  }

  /** Of one that no key opens too, where the change says anew what each of its secrets is. */
  async #partsBefore(found: Connection, config: Fields | undefined): Promise<Parts> {
    const parts = await unlessSealed(this.#partsOf(found));
    if (parts !== undefined) return parts;
    const lacking = found.secretFields.filter((field) => config === undefined || !Object.hasOwn(config, field));
    if (lacking.length === 0) return { open: found.config, secret: {} };
    throw new MyelinError(
      'connection_sealed',
      `No master key of this server opens the secrets of ${found.name}: with the change give ${lacking.join(', ')} anew, or null where it has none.`,
    );
  }

  async #seal(place: SealPlace, { open, secret }: Parts) {
    const { projectId, id } = place;
    const sealed = await this.#options.vault.seal(JSON.stringify(secret), { projectId, id });
    return { config: open, secretFields: Object.keys(secret).sort(), sealed };
  }
}

/** Undefined where no key of this server opens it. */
async function unlessSealed<T>(opened: Promise<T>): Promise<T | undefined> {
  try {
    return await opened;
  } catch (error) {
    if (error instanceof MyelinError && error.code === 'connection_sealed') return undefined;
    throw error;
  }
}
