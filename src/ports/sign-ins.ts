/** Browsers that may act for a project without its key, and links that let one in. Tokens are known by their SHA-256 in hex. */

export interface SignInStore {
  /** It expires with its key at the latest. Undefined where there is no such key, or it has expired. */
  add(signIn: NewSignIn): Promise<SignIn | undefined>;
  /** Lets the browser in and uses the link up: of any number at once, one gets in. Undefined where there is no such link. */
  redeem(linkHash: string, browser: Lasting): Promise<SignIn | undefined>;
  /** Of a browser, as long as it has not expired and its key is there. */
  get(hash: string, now: number): Promise<SignIn | undefined>;
  remove(hash: string): Promise<void>;
}

/** Times in milliseconds since the epoch. */
export interface Lasting {
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface NewSignIn extends Lasting {
  /** A link lets one browser in, once. */
  readonly kind: 'link' | 'browser';
  /** Of the API key that it descends from: it acts for the project of that key, and goes with it. */
  readonly keyHash: string;
}

export interface SignIn {
  readonly projectId: string;
  readonly keyHash: string;
  readonly expiresAt: number;
}
