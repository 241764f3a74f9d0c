/** Values of PostgreSQL, as it writes them, in JSON. Nothing is lost: what no number of JSON holds stays a text. */
import type { Json } from '../../core/json.ts';
import { parseJson } from '../../core/safe-json.ts';

type Read = (text: string) => Json;

const number: Read = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
const json: Read = (text) => parseJson(text) as Json;
const base64: Read = (text) =>
  text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex').toString('base64') : Buffer.from(text).toString('base64');

const ISO = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d(?::\d\d)?)?$/;
/** A time of a moment in UTC, one without a zone without one, with all its digits; `infinity` and years BC as they are. */
const timestamp: Read = (text) => {
  const [, day, time, fraction = '', offset] = ISO.exec(text) ?? [];
  if (day === undefined) return text;
  if (offset === undefined) return `${day}T${time}${fraction}`;
  const zone = offset.includes(':') ? offset : `${offset}:00`;
  return `${new Date(`${day}T${time}${zone}`).toISOString().slice(0, 19)}${fraction}Z`;
};

/** By type, and by the type of its array, as they are numbered in pg_type. The rest is text, as int8 and numeric are. */
const READERS: readonly (readonly [type: number, array: number, read: Read])[] = [
  [16, 1000, (text) => text === 't'],
  [17, 1001, base64],
  [20, 1016, String],
  [21, 1005, number],
  [23, 1007, number],
  [25, 1009, String],
  [26, 1028, number],
  [114, 199, json],
  [700, 1021, number],
  [701, 1022, number],
  [1042, 1014, String],
  [1043, 1015, String],
  [1082, 1182, String],
  [1114, 1115, timestamp],
  [1184, 1185, timestamp],
  [1700, 1231, String],
  [2950, 2951, String],
  [3802, 3807, json],
];
const BY_TYPE: ReadonlyMap<number, Read> = new Map(
  READERS.flatMap(([type, array, read]) => [
    [type, read],
    [array, (text: string) => readArray(text, read)],
  ]),
);

/** Throws `unsafe_key`, `too_deep`. */
export function readValue(type: number, text: string | null): Json {
  return text === null ? null : (BY_TYPE.get(type) ?? String)(text);
}

/** `{1,NULL,"a \"b\""}`, nested where it has several dimensions; in front of it may stand its bounds, `[0:1]=`. */
function readArray(text: string, read: Read): Json {
  const token = /"((?:[^"\\]|\\[\s\S])*)"|([^{},"]+)|([{}])/g;
  token.lastIndex = text.indexOf('{');
  const root: Json[] = [];
  const open: Json[][] = [root];
  for (const [, quoted, plain, brace] of text.matchAll(token)) {
    const inner = open.at(-1);
    if (brace === '{') {
      const list: Json[] = [];
      inner?.push(list);
      open.push(list);
    } else if (brace === '}') open.pop();
    else if (quoted !== undefined) inner?.push(read(quoted.replace(/\\([\s\S])/g, '$1')));
    else if (plain !== undefined) inner?.push(plain === 'NULL' ? null : read(plain));
  }
  return root[0] ?? [];
}
