/**
 * What an expression can see. The engine makes one for each evaluation; the interpreter reads nothing else.
 * `node` and `secret` are functions so that a graph of 1,000 nodes costs nothing until a name is asked for.
 */
export interface Env {
  readonly $json?: unknown;
  readonly $trigger?: unknown;
  readonly $execution?: unknown;
  readonly $workflow?: unknown;
  readonly $vars?: unknown;
  /** Milliseconds since the epoch; expressions see it as a DateTime in UTC. */
  readonly $now?: number;
  readonly $item?: unknown;
  readonly $index?: unknown;
  readonly $results?: unknown;
  /** The CloudEvent that a condition on events is asked about. */
  readonly $event?: unknown;
  /** Where the poll before has come to, null before the first; of poll triggers only. */
  readonly $cursor?: unknown;
  /** Data of an older message that is made into data of a newer version of its schema. */
  readonly $data?: unknown;
  /** Output of an earlier node (`$node.ID`), undefined where there is none. */
  node?(id: string): unknown;
  /** Value of a secret (`$secrets.NAME`); throws `secret_missing`. Absent where secrets may not be read. */
  secret?(name: string): string;
}

/** The variables an expression may name; `$item`, `$index`, `$results` only inside a body, `$event` of events, `$cursor` of polls, `$data` of upcasts only. */
export const VARIABLES = [
  '$json',
  '$node',
  '$trigger',
  '$execution',
  '$workflow',
  '$vars',
  '$now',
  '$secrets',
  '$item',
  '$index',
  '$results',
  '$event',
  '$cursor',
  '$data',
] as const;
export type Variable = (typeof VARIABLES)[number];
