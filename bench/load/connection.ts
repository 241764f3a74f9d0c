/** One keep-alive connection with at most one request in flight. It connects again by itself. */
import { connect, type Socket } from 'node:net';
import { type Answer, AnswerReader } from './answer-reader.ts';

const RECONNECT_MS = 100;

export interface ConnectionEvents {
  /** Free for a request: connected, or done with the one before. */
  onFree(connection: Connection): void;
  /** `due` as given to `send`. */
  onAnswer(due: number, status: number): void;
  /** The connection broke; the request in flight, where there was one, will have no answer. */
  onClose(connection: Connection, due: number | undefined): void;
}

export class Connection {
  /** When the request in flight was due, by `performance.now()`; undefined while free. */
  due: number | undefined;
  /** When it was sent: later than due where all connections were busy. */
  sentAt = 0;
  private socket: Socket | undefined;
  private closed = false;
  private readonly host: string;
  private readonly port: number;
  private readonly events: ConnectionEvents;

  constructor(host: string, port: number, events: ConnectionEvents) {
    this.host = host;
    this.port = port;
    this.events = events;
  }

  open(): void {
    if (this.closed) return;
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    const reader = new AnswerReader((answer) => this.answered(socket, answer));
    this.socket = socket;
    socket.on('connect', () => this.events.onFree(this));
    socket.on('data', (bytes) => {
      try {
        reader.push(bytes);
      } catch (thrown) {
        socket.destroy(thrown as Error);
      }
    });
    socket.on('error', () => undefined); // `close` follows, and counts what was lost
    socket.on('close', () => this.broken());
  }

  send(bytes: Buffer, due: number): void {
    this.due = due;
    this.sentAt = performance.now();
    this.socket!.write(bytes);
  }

  /** Gives the request in flight up, as after a time-out. */
  drop(): void {
    this.socket?.destroy();
  }

  close(): void {
    this.closed = true;
    this.socket?.destroy();
  }

  private answered(socket: Socket, answer: Answer): void {
    const { due } = this;
    if (due === undefined) return;
    this.due = undefined;
    this.events.onAnswer(due, answer.status);
    if (answer.keepAlive) this.events.onFree(this);
    else socket.destroy();
  }

  private broken(): void {
    const { due } = this;
    this.due = undefined;
    if (this.closed) return;
    this.events.onClose(this, due);
    setTimeout(() => this.open(), RECONNECT_MS);
  }
}
