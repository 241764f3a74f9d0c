/** What every call of the client takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}
