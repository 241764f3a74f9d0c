/** What the load generator is asked for and what it answers; both cross the process border as JSON. */

export interface LoadOptions {
  /** `http://host:port/path`; no TLS. */
  readonly url: string;
  /** Default POST; not HEAD. */
  readonly method?: string;
  /** `host`, `content-length` and `connection` are set by the generator. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. Every `<counter>` in path, headers and body becomes a number of 12 digits, new for each request. */
  readonly body?: string;
  /** First value of the counter; default 0. */
  readonly counterStart?: number;
  /** Connections, each with one request in flight; default 32. */
  readonly connections?: number;
  /** Requests per second, sent at their time whatever the answers do (open loop). Absent: as fast as answers come. */
  readonly rate?: number;
  /** Seconds before measuring begins; default 2. */
  readonly warmup?: number;
  /** Seconds measured; default 10. */
  readonly seconds?: number;
  /** Seconds an answer may take, and that the end waits for answers due; default 30. */
  readonly timeout?: number;
}

export interface LoadResult {
  /** Answers to requests of the measured time, whatever their status. */
  readonly requests: number;
  /** From the start of the measured time to its end, or to the last answer that was due, if that came later. */
  readonly seconds: number;
  /** `requests / seconds`. */
  readonly rate: number;
  /** Requests without an answer: broken connections, time-outs, and in the open loop those never sent or answered. */
  readonly errors: number;
  readonly statusCounts: Readonly<Record<string, number>>;
  /** Milliseconds, within 0.1 %. In the open loop from the moment the request was due, so a stall is seen by all it delayed. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}
