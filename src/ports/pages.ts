/** The web UI as a folder of files. */
export interface Pages {
  /** Where they are or will be: `index.html` and `assets/`. */
  readonly folder: string;
  /** `failed`: the log says why; the API goes on without them. */
  /** Files of `folder` that the page at a path needs beside `index.html` and what that names. */
  first(path: string): readonly string[];
  state(): { readonly is: 'building' | 'ready' | 'failed' };
}
