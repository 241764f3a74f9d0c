/**
 * Reads page after page and gathers their lists. The next page must be at the origin of the first: its address comes
 * from the answer, and the request carries the credentials of the user.
 */
import { MyelinError } from '../../core/errors.ts';
import { DEFAULT_PAGES } from '../../core/http-paginate.ts';
import { isObject } from '../../core/json.ts';
import { type Answer, placeOf } from './answer.ts';
import type { HttpConfig } from './config.ts';
import { countOf } from './request.ts';

/** Fetches one page; the URL is all that differs. `size` is what its body took on the way, in bytes. */
export type FetchPage = (url: string, maxBytes: number) => Promise<{ readonly answer: Answer; readonly size: number }>;

/** The last page's status and headers, the items of all as body, and `more: true` where `max` ended it early. */
export async function readPages(
  fetchPage: FetchPage,
  first: string,
  paginate: NonNullable<HttpConfig['paginate']>,
  maxBytes: number,
): Promise<Answer & { readonly more: boolean }> {
  const items: unknown[] = [];
  let last: Answer & { readonly more: boolean } = { status: 0, headers: {}, body: items, more: false };
  for await (const { answer, url, more } of pagesOf(fetchPage, first, paginate, maxBytes)) {
    for (const item of itemsOf(answer, paginate.items ?? 'body', url)) items.push(item);
    last = { ...answer, body: items, more };
  }
  return last;
}

interface Page {
  readonly answer: Answer;
  readonly url: string;
  /** There is another, which may be beyond `max`. */
  readonly more: boolean;
}

/** Page after page, at most `max`, as long as somebody reads them. */
export async function* pagesOf(
  fetchPage: FetchPage,
  first: string,
  paginate: Omit<NonNullable<HttpConfig['paginate']>, 'items'>,
  maxBytes: number,
): AsyncGenerator<Page> {
  const most = countOf(paginate.max, 'paginate.max', DEFAULT_PAGES);
  const visited = new Set<string>();
  let left = maxBytes;
  let url = first;
  for (;;) {
    visited.add(url);
    const { answer, size } = await fetchPage(url, left);
    left -= size;
    const next = nextUrl(answer, paginate, url);
    // A page that names itself or an earlier one would go round for ever.
    const ended = next === undefined || visited.has(next);
    yield { answer, url, more: !ended };
    if (ended || visited.size >= most) return;
    if (left < 1) throw new MyelinError('http_too_large', `The pages of ${placeOf(first)} pass ${maxBytes} bytes.`);
    url = next;
  }
}

function itemsOf(answer: Answer, path: string, url: string): readonly unknown[] {
  const list = at(answer, path);
  if (Array.isArray(list)) return list;
  throw new MyelinError('http_invalid_answer', `A page of ${placeOf(url)} has no list at ${path}; set paginate.items.`);
}

function nextUrl(
  answer: Answer,
  paginate: Omit<NonNullable<HttpConfig['paginate']>, 'items'>,
  current: string,
): string | undefined {
  const found = paginate.next === 'link' ? linkToNext(answer.headers.link ?? '') : at(answer, paginate.next);
  if (typeof found !== 'string' && typeof found !== 'number') return undefined;
  if (found === '') return undefined;
  const url = new URL(current);
  if (paginate.cursorParam !== undefined) {
    url.searchParams.set(paginate.cursorParam, String(found));
    return url.href;
  }
  if (!URL.canParse(String(found), current)) {
    const mend = 'where it is a cursor, set paginate.cursorParam';
    throw new MyelinError(
      'http_invalid_answer',
      `What ${placeOf(current)} has at ${paginate.next} is no URL; ${mend}.`,
    );
  }
  const next = new URL(String(found), current);
  if (next.origin !== url.origin) {
    throw new MyelinError('egress_denied', `The next page of ${url.host} is at ${next.host}, which is not followed.`);
  }
  return next.href;
}

/** The target of rel=next in a Link header (RFC 8288). */
function linkToNext(header: string): string | undefined {
  for (const [, target, parameters] of header.matchAll(/<([^<>]*)>((?:\s*;[^,;"<]*(?:"[^"]*")?)*)/g)) {
    const rel = /;\s*rel\s*=\s*"?([^";]+)/i.exec(parameters ?? '')?.[1] ?? '';
    if (rel.toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return undefined;
}

/** The value at a path of own keys, undefined where there is none. */
function at(answer: Answer, path: string): unknown {
  let value: unknown = answer;
  for (const key of path.split('.')) {
    const isThere = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, key);
    value = isThere ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}
