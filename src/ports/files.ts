/** Binary content of a project by its hash: images, audio and files of conversations, and messages too large to start. The API calls them blobs. */

export interface FileStore {
  /** The same content again is the same file; its media type is the one said last. An upload stays one. */
  put(file: NewFile): Promise<StoredFile>;
  get(projectId: string, hash: string): Promise<(StoredFile & { readonly data: Uint8Array }) | undefined>;
  /** Those of the hashes that are there, without their content. */
  find(projectId: string, hashes: readonly string[]): Promise<StoredFile[]>;
}

export interface StoredFile {
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

interface NewFile {
  readonly projectId: string;
  readonly mediaType: string;
  readonly data: Uint8Array;
  /** Somebody has its hash, and it stays; else it goes when nothing has it (`RetentionStore.removeFiles`). */
  readonly isUpload: boolean;
}
