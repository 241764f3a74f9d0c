/** Connections of a project: where and as whom nodes reach something outside. Their secrets are sealed at rest. */
import type { Fields } from '../core/connections/parts.ts';

/** What nodes are given. */
export interface Connections {
  /** With its secrets. Throws `connection_missing`, also where it is of another type, and `connection_sealed`. */
  open(projectId: string, name: string, type: string): Promise<OpenConnection>;
}

export interface OpenConnection {
  readonly id: string;
  /** Milliseconds since the epoch; another where anything of it is another. */
  readonly updatedAt: number;
  /** As its type has it. */
  readonly config: Fields;
  /** Values by field. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Tries whether what a connection leads to is there, and lets us in. */
export interface ConnectionTester {
  /** Never throws for what is wrong outside, and names no secret. It ends with the signal. */
  test(type: string, config: Fields, signal: AbortSignal): Promise<TestResult>;
}

export interface TestResult {
  readonly ok: boolean;
  /** In words: what is wrong, and what to do. */
  readonly message: string;
  /** Such as version and duration; never a secret. */
  readonly details: Fields;
}

/** Encrypts at rest. What was sealed for one place cannot be opened at another. */
export interface Vault {
  /** By the newest key, which is made where there is none. */
  seal(plain: string, place: SealPlace): Promise<Sealed>;
  /** Throws `connection_sealed`. */
  open(sealed: Sealed, place: SealPlace): Promise<string>;
  /**
   * A new key, by which is sealed from now on; its version. Where keys come as a setting: the newest of them, whether
   * that is new or not.
   */
  rotate(): Promise<number>;
  /**
   * Forgets keys that are older than `from` and not among these versions: a newer one may be somebody's who rotates at
   * this moment. Nothing, where keys come as a setting.
   */
  keep(versions: readonly number[], from: number): Promise<void>;
  /** The keys are a setting, which only the operator changes. */
  readonly isGiven: boolean;
}

export interface SealPlace {
  readonly projectId: string;
  readonly id: string;
}

export interface Sealed {
  readonly data: Uint8Array;
  readonly keyVersion: number;
}

export interface ConnectionStore {
  /** Throws `connection_exists`. */
  create(connection: Connection): Promise<void>;
  /** By id or name. */
  get(projectId: string, idOrName: string): Promise<Connection | undefined>;
  /** By name, those after the name `after`. */
  list(projectId: string, page: { readonly after?: string; readonly limit: number }): Promise<Connection[]>;
  /**
   * Writes name, config, secrets and the time of the change; the last test is forgotten. False where its secrets are
   * not `was` any more: somebody was quicker. Throws `connection_exists`.
   */
  update(connection: Connection, was: Sealed): Promise<boolean>;
  /** The same secrets by another key. False where they are not `was` any more. */
  reseal(place: SealPlace, was: Sealed, sealed: Sealed): Promise<boolean>;
  /** What came of a test, unless the connection has changed since `updatedAt`. */
  noteTest(place: SealPlace, lastTest: LastTest, updatedAt: number): Promise<void>;
  delete(projectId: string, id: string): Promise<boolean>;
  /** Of all projects: up to `limit` that are not sealed by this version, by id, those after the id `after`. */
  sealedOtherwise(keyVersion: number, limit: number, after?: string): Promise<Connection[]>;
  /** Versions of keys by which any of any project is sealed. */
  keyVersions(): Promise<number[]>;
}

export interface LastTest extends TestResult {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Connection {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly type: string;
  /** Fields that everybody may see. */
  readonly config: Fields;
  /** Names of the secret fields that are set. */
  readonly secretFields: readonly string[];
  readonly sealed: Sealed;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Null: it was not tested since it was made or changed. */
  readonly lastTest: LastTest | null;
}
