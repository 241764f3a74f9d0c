/**
 * How far a reader of texts has come, as the id of a server-sent event: `SEQ;PATH#ATTEMPT@OFFSET;…`, the events of the
 * journal that it has seen and its place in each text that goes on. It says all, so any process can go on from it. That
 * of the last event ends with `;end`.
 */
import { MyelinError } from '../core/errors.ts';

export interface Cursor {
  /** Of the last event of the journal. */
  readonly seq: number;
  readonly calls: readonly CallCursor[];
  /** It knows that the execution has ended. */
  readonly hasEnd?: true;
}

export interface CallCursor {
  readonly path: string;
  /** 0: what the reader has does not count. */
  readonly attempt: number;
  /** UTF-16 code units that the reader has. */
  readonly offset: number;
}

/** An id that would be longer is not sent: it has to fit the head of a request. */
export const LONGEST_ID = 4_096;

const END = 'end';
const NUMBER = /^\d{1,9}$/;
const CALL = /^([\w\-[\]/]{1,2000})#(\d{1,9})@(\d{1,9})$/;

export function printCursor({ seq, calls, hasEnd }: Cursor): string {
  const places = calls.map(({ path, attempt, offset }) => `${path}#${attempt}@${offset}`);
  return [seq, ...places, ...(hasEnd ? [END] : [])].join(';');
}

/** Throws `invalid_request`. */
export function parseCursor(id: string): Cursor {
  const [seq = '', ...calls] = id.split(';');
  if (id.length > LONGEST_ID || !NUMBER.test(seq)) throw refusal(id);
  const hasEnd = calls.at(-1) === END;
  if (hasEnd) calls.pop();
  return { seq: Number(seq), calls: calls.map((call) => callOf(call, id)), ...(hasEnd && { hasEnd }) };
}

function callOf(text: string, id: string): CallCursor {
  const [, path, attempt, offset] = CALL.exec(text) ?? [];
  if (path === undefined) throw refusal(id);
  return { path, attempt: Number(attempt), offset: Number(offset) };
}

function refusal(id: string): MyelinError {
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
  return new MyelinError(
    'invalid_request',
    `headers.last-event-id: ${JSON.stringify(shown)} is no id of this stream; take that of the last event, or none`,
  );
}
