/** The only way out: every outbound call of the product goes through this port (rule R9). */
import type { Socket } from 'node:net';

export interface Egress {
  /**
   * Sends one request. Redirects are followed (at most 3), the answer is read whole, up to `maxBytes`.
   * Throws `egress_denied`, `connection_failed`, `timeout`, `http_too_large`, `http_invalid_answer` (its compression
   * is broken), `config_invalid` (a header that cannot be sent), `interrupted` or the reason of the signal where that
   * is a MyelinError; every status is an answer. Where a request that may change something had gone out, the data of the
   * error say so (core/lost-answer).
   */
  request(request: EgressRequest): Promise<EgressResponse>;
  /**
   * The `fetch` that libraries want, under the same rules; the body of the answer streams, and its signal ends it at
   * any moment. No limit of time or size but the signal. Throws as `request` does.
   */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /**
   * For protocols that are not HTTP, under the same rules: a socket whose `connect` dials this host, whatever it is
   * given. Where the host may not be called it ends with the error `egress_denied`.
   */
  socket(host: string, port: number): Socket;
  /**
   * For clients that dial by themselves: an address of this host, to be dialed in its place and at once. Throws
   * `egress_denied`, or the error of the look-up with its code.
   */
  resolve(host: string, port: number): Promise<string>;
}

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds for the whole exchange, from the look-up of the name to the last byte; default 30,000. */
  readonly timeoutMs?: number;
  /** Largest answer in bytes after decompression; default 16 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface EgressResponse {
  readonly status: number;
  /** Lower-case names; several values of one name are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Address after redirects. */
  readonly url: string;
}
