/** The web UI as a folder of files. */
export interface Pages {
  /** Where they are or will be: `index.html` and `assets/`. */
  readonly folder: string;
  /** `failed`: `reason` says why; the API goes on without them. */
  state(): { readonly is: 'building' } | { readonly is: 'ready' } | { readonly is: 'failed'; readonly reason: string };
}
