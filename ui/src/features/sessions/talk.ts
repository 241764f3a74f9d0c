/**
 * How a person talks to a workflow: an agent in it has a `session`, and both its prompt and the session come from fields
 * of `$trigger`. They are followed from the agent back through `transform` nodes; nothing is to be set up for it.
 */
import type { Part } from '../../../../src/core/conversation.ts';
import { isObject } from '../../../../src/core/json.ts';
import { arrowsOf, type Definition, type NodeDefinition, nodesOf } from '../../graph/document.ts';

type Path = readonly string[];

export interface Talk {
  readonly message: Path;
  /** The key of the session is what stands there, between these two. */
  readonly session: Path;
  readonly before: string;
  readonly after: string;
  readonly user: Path | undefined;
  /** Undefined: its agent takes no files. */
  readonly attachments: Path | undefined;
}

const EXPRESSION = /\{\{(.*?)\}\}/g;
const FIELD = /\$(trigger|json|node)((?:\.[A-Za-z_]\w*)+)/g;
/** An agent, what it is answered by and so on are few steps; a circle ends here. */
const DEEPEST = 5;

/** Undefined: nobody can talk to it. */
export function talkOf(definition: Definition): Talk | undefined {
  for (const { node, scope } of nodesOf(definition)) {
    const { session, prompt, user, attachments } = node.config ?? {};
    if (node.type !== 'agent' || typeof session !== 'string' || typeof prompt !== 'string') continue;
    // Inside of a container `$json` is what the container gives.
    const from = scope === '' ? node : undefined;
    const [, before, inside, after] = /^([^{]*)\{\{(.*?)\}\}([^{]*)$/s.exec(session) ?? [];
    const pathOf = (text: string) => fitting(definition, pathsIn(definition, text, from));
    const [key, message] = [inside === undefined ? undefined : pathOf(`{{${inside}}}`), pathOf(prompt)];
    if (key === undefined || message === undefined || key.join('.') === message.join('.')) continue;
    const person = typeof user === 'string' ? pathOf(user) : undefined;
    const talk = { message, session: key, before: before ?? '', after: after ?? '' };
    const own = person === undefined || [key, message].some((path) => path.join('.') === person.join('.'));
    const files = typeof attachments === 'string' ? pathOf(attachments) : undefined;
    const asked: Talk = { ...talk, user: own ? undefined : person, attachments: files };
    if (isEnough(definition, asked)) return asked;
  }
  return undefined;
}

/** Fields of `$trigger` that a text is made of, in its order. */
function pathsIn(definition: Definition, text: string, from: NodeDefinition | undefined, depth = 0): Path[] {
  if (depth > DEEPEST) return [];
  return [...text.matchAll(EXPRESSION)].flatMap(([, expression = '']) =>
    [...expression.matchAll(FIELD)].flatMap(([, root, dotted = '']) => {
      const path = dotted.split('.').slice(1);
      if (root === 'trigger') return [path];
      const [name, rest] = root === 'node' ? [path[0], path.slice(1)] : [from && sourceOf(definition, from), path];
      // `$json` of a node that begins is `$trigger`.
      if (root === 'json' && from !== undefined && name === undefined) return [path];
      const source = definition.nodes.find(({ id }) => id === name);
      const given = source?.type === 'transform' ? at(source.config?.value ?? source.config?.set, rest) : undefined;
      return typeof given === 'string' ? pathsIn(definition, given, source, depth + 1) : [];
    }),
  );
}

const sourceOf = (definition: Definition, { id }: NodeDefinition): string | undefined =>
  arrowsOf(definition).find(({ to }) => to === id)?.from;

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inside, name) => (isObject(inside) ? inside[name] : undefined), value);

const manualOf = ({ triggers = [] }: Definition) => {
  const input = triggers.find(({ type }) => type === 'manual')?.input;
  return isObject(input) && isObject(input.properties)
    ? { required: input.required, properties: input.properties }
    : undefined;
};

/** Who starts it by hand gives what its manual trigger says; without one, any. */
function fitting(definition: Definition, paths: readonly Path[]): Path | undefined {
  const manual = manualOf(definition);
  return manual === undefined ? paths[0] : paths.find(([name = '']) => name in manual.properties);
}

/** A person has only these to give. */
function isEnough(definition: Definition, { message, session, user, attachments }: Talk): boolean {
  const given = new Set([message[0], session[0], user?.[0], attachments?.[0]]);
  const required = manualOf(definition)?.required;
  return !Array.isArray(required) || required.every((name) => given.has(String(name)));
}

/** The part of a key that goes into the input; undefined: it is no key of this workflow. */
export function partOf({ before, after }: Talk, key: string): string | undefined {
  const isOwn = key.length > before.length + after.length && key.startsWith(before) && key.endsWith(after);
  return isOwn ? key.slice(before.length, key.length - after.length) : undefined;
}

interface Said {
  readonly message: string;
  /** Key of the session. */
  readonly session: string;
  readonly user: string;
  readonly attachments: readonly Part[];
}

/** `$trigger` of the execution that answers. */
export function inputOf(talk: Talk, { message, session, user, attachments }: Said): object {
  const input = {};
  put(input, talk.message, message);
  put(input, talk.session, partOf(talk, session) ?? session);
  if (talk.user !== undefined) put(input, talk.user, user);
  if (talk.attachments !== undefined && attachments.length > 0) put(input, talk.attachments, attachments);
  return input;
}

function put(input: Record<string, unknown>, [name = '', ...rest]: Path, value: unknown): void {
  if (rest.length === 0) input[name] = value;
  else {
    const inside = isObject(input[name]) ? { ...input[name] } : {};
    put(inside, rest, value);
    input[name] = inside;
  }
}
