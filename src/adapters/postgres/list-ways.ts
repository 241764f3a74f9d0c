/**
 * Which way a list is found, by how many sessions have what it is filtered by. That is what the statistics of
 * PostgreSQL say, read once a minute: the most common terms of all projects, a thousand of them. Statistics that are
 * old or missing make a list slower, never wrong.
 */
import type { SessionQuery } from '../../ports/sessions.ts';
import { termOf, termsToFind } from './session-terms.ts';
import type { Pool } from './sql.ts';

export interface ListWay {
  /** Whose sessions are walked through, where they are not those of a user. */
  readonly tag: string | undefined;
  /**
   * Sessions that are walked past before it is seen how many of them fit. 0: none, those that fit are found by their
   * terms at once. Infinity: all, and never by terms.
   */
  readonly reach: number;
  /** Sessions that the walk goes through, about; absent without statistics. */
  readonly of?: number;
}

/** So few have what the walk goes by that all of them are walked past. */
const FEW = 1_000;
/** For each session of a page. */
const NEAR = 10;
/** A session that is found by its terms costs as much as so many that are walked past. */
const COST = 3;
/** Walked past for what the search for terms costs, however few have them. */
const BASE = 1_000;
/** Walked past at most without statistics. */
const FAR = 6_000;
const FRESH_MS = 60_000;

export interface Counts {
  readonly known: ReadonlyMap<string, number>;
  /** About as many sessions have a term that is not known, at most twice as many; 0 without statistics. */
  readonly least: number;
  /** Sessions of all projects. */
  readonly all: number;
}

export function listWays(sql: Pool): (query: SessionQuery) => Promise<ListWay> {
  let read: { readonly counts: Promise<Counts>; readonly until: number } | undefined;
  return async (query) => {
    if (read === undefined || read.until < Date.now()) {
      read = { counts: readCounts(sql), until: Date.now() + FRESH_MS };
      read.counts.catch(() => {
        read = undefined;
      });
    }
    return wayTo(query, await read.counts);
  };
}

async function readCounts(sql: Pool): Promise<Counts> {
  const rows = await sql`
    select s.term, s.share * c.reltuples as count, c.reltuples as all
      from pg_class c,
           (select unnest(most_common_elems::text::text[]) as term, unnest(most_common_elem_freqs) as share from pg_stats
             where schemaname = current_schema and tablename = 'agent_session_terms' and attname = 'terms') s
     where c.oid = 'agent_session_terms'::regclass and s.term is not null`;
  const counts = rows.map(({ count }) => count as number);
  return {
    known: new Map(rows.map(({ term, count }) => [term as string, count as number])),
    least: counts.length === 0 ? 0 : Math.min(...counts) / 2,
    all: rows[0]?.all ?? 0,
  };
}

export function wayTo(query: SessionQuery, { known, least, all }: Counts): ListWay {
  const { userId, ...described } = query;
  const { projectId, tags = [], limit } = described;
  const count = (term: string) => known.get(term) ?? least;
  const counted = tags.map((tag) => ({ tag, of: count(termOf(projectId, 'tag', tag)) }));
  const rarest = counted.reduce<Guide | undefined>((a, b) => (a !== undefined && a.of <= b.of ? a : b), undefined);
  const guide = userId === undefined ? rarest : { tag: undefined, of: count(termOf(projectId, 'user', userId)) };
  if (guide === undefined || least === 0) return { tag: guide?.tag, reach: limit * NEAR };
  const { tag, of } = guide;
  if (of <= FEW) return { tag, reach: Number.POSITIVE_INFINITY };
  const rest = Math.min(...(termsToFind(described)[0] ?? []).map(count));
  const atMost = Math.min(of, rest);
  const chance = tag === undefined ? (of * rest) / all : byChance(query, guide, count);
  const fit = Math.sqrt(atMost * Math.min(atMost, chance));
  const share = fit / of;
  if (!isWalked(limit, share, of)) return { tag, of, reach: 0 };
  // Of two that make one term it is known how many fit.
  const isCounted = chance >= atMost;
  return { tag, of, reach: Math.ceil(Math.max(limit * NEAR, isCounted ? (limit * 1.5) / share : 0)) };
}

/** Whether to walk until a page is full costs less than to find by terms, where this share of so many fits. */
export function isWalked(limit: number, share: number, of: number | undefined): boolean {
  return limit / share <= (of === undefined ? FAR : of * share * COST + BASE);
}

interface Guide {
  readonly tag: string | undefined;
  readonly of: number;
}

/** How many of the guide's would fit if each of the rest fitted as if the others were not asked for. */
function byChance(
  { projectId, tags = [], agent, category }: SessionQuery,
  guide: Guide,
  count: (term: string) => number,
) {
  const others: Pick<SessionQuery, 'tags' | 'agent' | 'category'>[] = [
    ...tags.filter((tag) => tag !== guide.tag).map((tag) => ({ tags: [tag] })),
    ...(agent === undefined ? [] : [{ agent }]),
    ...(category === undefined ? [] : [{ category }]),
  ];
  const shares = others.map((one) => {
    const [[pair] = []] = termsToFind({ projectId, limit: 1, ...one, tags: [guide.tag ?? '', ...(one.tags ?? [])] });
    return Math.min(1, count(pair ?? '') / guide.of);
  });
  return shares.reduce((fit, share) => fit * share, guide.of);
}
