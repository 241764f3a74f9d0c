/**
 * Nine processes on one PostgreSQL, behind a TCP proxy that cuts and stalls: 2 api, 2 webhook, 3 worker, 2 scheduler.
 * While callers call, storms come over them: SIGKILL, SIGSTOP until after the lease, cut connections, stalls, a crash
 * of PostgreSQL. At the end everything that was acknowledged must have happened, once.
 */
import postgres from 'postgres';
import { openPostgres, type Postgres } from '../program/postgres.ts';
import { type Answer, Program } from '../program/server.ts';
import { TcpProxy } from '../program/tcp-proxy.ts';
import type { Target } from './callers.ts';
import { deploy } from './campaign.ts';
import { openSink, type Sink } from './sink.ts';
import { WORKFLOWS } from './workflows.ts';

const ROLES = ['api', 'api', 'webhook', 'webhook', 'worker', 'worker', 'worker', 'scheduler', 'scheduler'];
export const LEASE_MS = 2_000;
/** A caller gives up on a process that is paused, and asks another. */
const PATIENCE_MS = 4_000;

/** Killed or paused at the same time: some must be left to do the work. */
const MOST_TROUBLED = 3;

interface Member {
  readonly role: string;
  readonly program: Program;
  /** Somebody kills, pauses or starts it just now. */
  troubled: boolean;
}

export class Cluster implements Target {
  readonly sink: Sink;
  readonly proxy: TcpProxy;
  /** What came over it so far, by name. */
  readonly storms = new Map<string, number>();
  readonly #database: Postgres;
  readonly #sql: postgres.Sql;
  readonly #members: readonly Member[];
  readonly #key: string;

  private constructor(sink: Sink, proxy: TcpProxy, database: Postgres, members: readonly Member[], key: string) {
    this.sink = sink;
    this.proxy = proxy;
    this.#database = database;
    this.#members = members;
    this.#key = key;
    this.#sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  }

  /** All processes are up and the workflows are active. */
  static async open(): Promise<Cluster> {
    const [sink, database] = [await openSink(), await openPostgres()];
    const proxied = new URL(database.url);
    const proxy = await TcpProxy.open(proxied.hostname, Number(proxied.port));
    proxied.port = String(proxy.port);
    const env = { DATABASE_URL: proxied.href, MYELIN_LEASE: `${LEASE_MS}ms` };
    const first = await Program.create({ ...env, MYELIN_ROLES: ROLES[0] as string });
    await first.start();
    const key = first.apiKey;
    const others = ROLES.slice(1).map((role) => Program.create({ ...env, MYELIN_ROLES: role, MYELIN_API_KEY: key }));
    const programs = [first, ...(await Promise.all(others))];
    const members = programs.map((program, index) => ({ role: ROLES[index] as string, program, troubled: false }));
    const cluster = new Cluster(sink, proxy, database, members, key);
    try {
      await Promise.all(programs.slice(1).map((program) => program.start()));
      for (const workflow of WORKFLOWS) await deploy(cluster, workflow.document(sink.url));
      await cluster.#watchTimers();
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Some process of the role that serves the path, dead ones too: the caller must bear it. */
  async call(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
    const role = path.startsWith('/webhooks/') ? 'webhook' : 'api';
    const { program } = pick(this.#members.filter((one) => one.role === role));
    const headers = { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json', ...more };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(program.url + path, { method, headers, signal, ...sent });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** Roles of the processes that nobody troubles just now. */
  get untroubled(): string[] {
    return this.#members.filter((one) => !one.troubled).map(({ role }) => role);
  }

  /** Everything that the processes printed. */
  get output(): string {
    return this.#members.map(({ role, program }) => `--- ${role}\n${program.output.slice(-1_500)}`).join('\n');
  }

  /** One storm, unless there are enough of its kind; resolves when it is over, and who was killed is up again. */
  async storm(): Promise<void> {
    const [name, come] = weighed(this.#kinds());
    if (await come()) this.storms.set(name, (this.storms.get(name) ?? 0) + 1);
  }

  /** Every process is up and runs. */
  async calm(): Promise<void> {
    for (const member of this.#members) {
      while (member.troubled) await pause(20);
      await this.#up(member.program);
    }
  }

  /** What is left in the database that should not be, once all has ended. */
  async remains(): Promise<string[]> {
    const found = await this.#sql`
      select 'an execution is owned: ' || id as fault from workflow_executions where owner is not null
      union all select 'a timer of an execution that has ended is left: ' || id from timers
      union all select 'a timer fired ' || count(*) || ' times: ' || id from chaos_fired group by id having count(*) > 1
      union all select 'a process that is no worker is registered: ' || roles from workers where roles <> 'worker'`;
    return found.map((row) => row.fault as string);
  }

  /** Timers that have fired. */
  async fired(): Promise<number> {
    const [row] = await this.#sql`select count(*)::int as n from chaos_fired`;
    return row?.n as number;
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ program }) => program.kill('SIGKILL')));
    await Promise.all(this.#members.map(({ program }) => program.dispose()));
    await this.#sql.end();
    await this.proxy.close();
    await Promise.all([this.#database.close(), this.sink.close()]);
  }

  #kinds(): readonly (readonly [weight: number, name: string, come: () => Promise<boolean>])[] {
    return [
      [8, 'SIGKILL', () => this.#kill()],
      [4, 'SIGSTOP', () => this.#freeze()],
      [6, 'cut', () => this.#cut()],
      [2, 'stall', () => this.#stall()],
      [1, 'PostgreSQL', () => this.#crash()],
    ];
  }

  async #cut(): Promise<boolean> {
    this.proxy.cut(Math.random() < 0.5 ? 1 : 0.3);
    return true;
  }

  async #crash(): Promise<boolean> {
    this.#database.crash();
    return true;
  }

  #kill(): Promise<boolean> {
    return this.#trouble(async ({ program }) => {
      await program.kill('SIGKILL');
      await pause(Math.random() * 500);
      await this.#up(program);
    });
  }

  /** Mostly for longer than the lease. */
  #freeze(): Promise<boolean> {
    return this.#trouble(async ({ program }) => {
      program.signal('SIGSTOP');
      await pause(Math.random() * 3 * LEASE_MS);
      program.signal('SIGCONT');
    });
  }

  async #stall(): Promise<boolean> {
    if (this.proxy.stalled) return false;
    const flow = this.proxy.stall();
    await pause(Math.random() * 1.5 * LEASE_MS);
    flow();
    return true;
  }

  async #trouble(come: (member: Member) => Promise<void>): Promise<boolean> {
    const untroubled = this.#members.filter((one) => !one.troubled);
    if (untroubled.length <= ROLES.length - MOST_TROUBLED) return false;
    const member = pick(untroubled);
    member.troubled = true;
    try {
      await come(member);
      return true;
    } finally {
      member.troubled = false;
    }
  }

  /** A start that finds no database ends; who watches over processes tries again. */
  async #up(program: Program): Promise<void> {
    while (!program.isRunning) await program.start().catch(() => undefined);
  }

  /** The database itself writes down which timer fires. */
  async #watchTimers(): Promise<void> {
    await this.#sql.unsafe(`
      create table chaos_fired (id text);
      create function note_fired() returns trigger language plpgsql as $$
        begin insert into chaos_fired values (new.body->>'timerId'); return null; end $$;
      create trigger note_fired after insert on signals
        for each row when (new.type = 'timer') execute function note_fired();`);
  }
}

/** One with the weight 8 comes eight times as often as one with the weight 1. */
function weighed<T>(kinds: readonly (readonly [number, string, T])[]): readonly [string, T] {
  const [, name, come] = pick(kinds.flatMap((kind) => Array.from({ length: kind[0] }, () => kind)));
  return [name, come];
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
