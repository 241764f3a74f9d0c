/** Reads over HTTP, one after the other on one connection, each with its latency. */
import { Agent, get } from 'node:http';
import { Histogram } from './load/histogram.ts';
import type { Server } from './server.ts';

export interface ReadResult {
  readonly requests: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ReadOptions {
  readonly server: Server;
  /** Path and query of the request of that number. */
  readonly path: (number: number) => string;
  readonly requests: number;
  /** Not measured, before those that are. */
  readonly warmup: number;
}

/** Throws for an answer other than 200. */
export async function read({ server, path, requests, warmup }: ReadOptions): Promise<ReadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const histogram = new Histogram();
  try {
    for (let number = -warmup; number < requests; number += 1) {
      const url = server.url + path(number + warmup);
      const begun = performance.now();
      await readOne(url, server.headers, agent);
      if (number >= 0) histogram.record(performance.now() - begun);
    }
  } finally {
    agent.destroy();
  }
  return { requests, p50: histogram.percentile(0.5), p99: histogram.percentile(0.99), max: histogram.max };
}

function readOne(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent }, (answer) => {
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`GET ${url} answered ${answer.statusCode}`));
      });
      answer.resume();
    });
    request.on('error', reject);
  });
}
