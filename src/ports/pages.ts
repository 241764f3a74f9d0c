/** The web UI as a folder of files. */
export interface Pages {
  /** Where they are or will be: `index.html` and `assets/`. */
  readonly folder: string;
  /** `failed`: the log says why; the API goes on without them. */
  state(): { readonly is: 'building' | 'ready' | 'failed' };
}
