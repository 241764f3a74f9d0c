/**
 * Reads HTTP/1.1 answers off a connection with one request in flight: status and where the answer ends,
 * and no more, since what the generator spends the server lacks. Bodies are counted, not kept.
 */
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);
const LARGEST_HEAD = 64 * 1024;

export interface Answer {
  readonly status: number;
  /** False where the server will close the connection. */
  readonly keepAlive: boolean;
}

export class AnswerReader {
  private rest: Buffer = NOTHING;
  private head: Answer | undefined;
  /** Bytes of the body, or of the present chunk, still to come; -1: the size of a chunk comes next. */
  private left = 0;
  private chunked = false;
  private readonly onAnswer: (answer: Answer) => void;

  constructor(onAnswer: (answer: Answer) => void) {
    this.onAnswer = onAnswer;
  }

  /** Takes bytes as they come. Throws for what is not HTTP/1.1. */
  push(bytes: Buffer): void {
    let data = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    this.rest = NOTHING;
    while (data.length > 0) {
      const used = this.head ? this.takeBody(data) : this.takeHead(data);
      if (used === 0) {
        this.rest = data;
        return;
      }
      data = data.subarray(used);
    }
  }

  private takeHead(data: Buffer): number {
    const end = data.indexOf(HEAD_END);
    if (end < 0 && data.length > LARGEST_HEAD) throw new Error('the head of an answer has no end');
    if (end < 0) return 0;
    const head = data.toString('latin1', 0, end + 2);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    if (!status) throw new Error(`not an HTTP/1.1 answer: ${head.slice(0, 40)}`);
    if (status >= 200) this.begin(status, head.toLowerCase());
    return end + HEAD_END.length;
  }

  private begin(status: number, head: string): void {
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    this.chunked = /\r\ntransfer-encoding:[^\r]*chunked/.test(head);
    const bodiless = status === 204 || status === 304;
    if (length === undefined && !this.chunked && !bodiless) throw new Error('an answer has neither length nor chunks');
    this.head = { status, keepAlive: !/\r\nconnection: *close/.test(head) };
    if (this.chunked) this.left = -1;
    else {
      this.left = bodiless ? 0 : Number(length);
      if (this.left === 0) this.finish();
    }
  }

  private takeBody(data: Buffer): number {
    if (this.left < 0) return this.takeChunkSize(data);
    const used = Math.min(this.left, data.length);
    this.left -= used;
    if (this.left === 0) {
      if (this.chunked) this.left = -1;
      else this.finish();
    }
    return used;
  }

  /** A chunk is read with the line end after it. The last one, of size 0, ends the answer; trailers are not taken. */
  private takeChunkSize(data: Buffer): number {
    const end = data.indexOf(LINE_END);
    if (end < 0) return 0;
    const size = Number.parseInt(data.toString('latin1', 0, end), 16);
    if (Number.isNaN(size)) throw new Error('a chunk has no size');
    const used = end + LINE_END.length;
    if (size > 0) {
      this.left = size + LINE_END.length;
      return used;
    }
    if (data.length < used + LINE_END.length) return 0;
    this.finish();
    return used + LINE_END.length;
  }

  private finish(): void {
    const answer = this.head!;
    this.head = undefined;
    this.onAnswer(answer);
  }
}
