/**
 * From a document to tools: each operation is one. Its arguments are an object of the parameters by name, and `body`
 * for the JSON body; where two parameters of different places share a name, the later one is `name_query` and so on.
 */
import type { Effect } from '../../../core/effect.ts';
import { isObject, type Json, type JsonObject } from '../../../core/json.ts';
import { resolveReference } from '../../../core/json-schema/reference.ts';
import { isUnsafeKey } from '../../../core/safe-json.ts';
import type { ExternalTool } from '../../../ports/tools.ts';
import { argumentSchema, plainSchema } from '../schema.ts';
import type { OpenapiSettings } from '../settings.ts';
import { effectOf, hashOf, isIncluded, validName } from '../source.ts';
import { type ApiDocument, refused } from './document.ts';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;
/** More than anybody offers at once; `include` chooses among them. */
const MOST = 5_000;
const LONGEST_DESCRIPTION = 4_000;

export interface Parameter {
  /** Of the argument. */
  readonly argument: string;
  /** On the wire. */
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly style: string;
  readonly explode: boolean;
  /** Sent as one piece of JSON. */
  readonly json: boolean;
}

export interface Operation extends ExternalTool {
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly inputs: readonly Parameter[];
  /** Content type of `body`; undefined where it takes none. */
  readonly bodyType: string | undefined;
}

/** Operations that cannot be called by JSON (a cookie, a form that must be sent) are named to `leaveOut`. */
export function operationsOf(
  document: ApiDocument,
  settings: OpenapiSettings,
  leaveOut: (operation: string, why: string) => void,
): Map<string, Operation> {
  const { root, base } = document;
  const found = new Map<string, Operation>();
  for (const [path, item] of entries(root.paths)) {
    const shared = resolved(root, item);
    for (const method of METHODS) {
      const operation = resolved(root, shared[method]);
      if (Object.keys(operation).length === 0) continue;
      const given = typeof operation.operationId === 'string' ? operation.operationId : `${method}${path}`;
      const name = freeName(validName(given).replace(/^_+|_+$/g, '') || method, found);
      if (!isIncluded(settings.include, given, name)) continue;
      if (found.size >= MOST) throw refused(settings, `has more than ${MOST} operations; choose some by \`include\``);
      const inputs = inputsOf(root, list(shared.parameters), list(operation.parameters));
      const body = bodyOf(root, operation.requestBody);
      const why = inputs.why ?? body.why;
      if (why !== undefined) leaveOut(given, why);
      else found.set(name, tool({ name, given, method, path, base, settings, root, operation, inputs, body }));
    }
  }
  return found;
}

interface Inputs {
  readonly parameters: readonly Parameter[];
  readonly schemas: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
  readonly why?: string;
}

interface Body {
  readonly type?: string;
  readonly schema?: unknown;
  readonly required: boolean;
  readonly why?: string;
}

interface Parts {
  readonly name: string;
  readonly given: string;
  readonly method: string;
  readonly path: string;
  readonly base: string;
  readonly settings: OpenapiSettings;
  readonly root: JsonObject;
  readonly operation: JsonObject;
  readonly inputs: Inputs;
  readonly body: Body;
}

function tool({ name, given, method, path, base, settings, root, operation, inputs, body }: Parts): Operation {
  const properties = {
    ...inputs.schemas,
    ...(body.type !== undefined && { body: plainSchema(body.schema ?? true, root) }),
  };
  const required = [...inputs.required, ...(body.required ? ['body'] : [])];
  const parameters = argumentSchema(
    { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false },
    root,
  );
  const words = [operation.summary, operation.description].filter((text) => typeof text === 'string' && text !== '');
  const description = (words.join('\n') || `${method.toUpperCase()} ${path}`).slice(0, LONGEST_DESCRIPTION);
  return {
    id: `openapi:${settings.name}/${name}`,
    name,
    description,
    parameters,
    effect: effectOf(settings.effects, effectOfMethod(method), given, name),
    hash: hashOf({ name, description, parameters, method, path, base }),
    method: method.toUpperCase(),
    path,
    inputs: inputs.parameters,
    bodyType: body.type,
  };
}

function effectOfMethod(method: string): Effect {
  if (method === 'get' || method === 'head' || method === 'options') return 'read';
  return method === 'put' || method === 'delete' ? 'idempotent' : 'irreversible';
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count++) {
    const other = `${name.slice(0, 60)}_${count}`;
    if (!taken.has(other)) return other;
  }
}

/** Set by the protocol or the engine, never by an argument. */
const OWN_HEADERS = new Set(['accept', 'authorization', 'content-type', 'cookie', 'host', 'idempotency-key']);

/** Those of the operation hide those of its path that have the same name and place. */
function inputsOf(root: JsonObject, shared: readonly unknown[], own: readonly unknown[]): Inputs {
  const byPlace = new Map<string, JsonObject>();
  for (const one of [...shared, ...own]) {
    const parameter = resolved(root, one);
    byPlace.set(`${String(parameter.in)} ${String(parameter.name)}`, parameter);
  }
  const parameters: Parameter[] = [];
  const schemas: Record<string, Json> = {};
  const required: string[] = [];
  for (const parameter of byPlace.values()) {
    const { name, in: place } = parameter;
    const needed = parameter.required === true || place === 'path';
    if (typeof name !== 'string' || isUnsafeKey(name)) continue;
    if (place !== 'path' && place !== 'query' && place !== 'header') {
      if (needed) return { parameters, schemas, required, why: `it needs a parameter in ${String(place)}` };
      continue;
    }
    if (place === 'header' && OWN_HEADERS.has(name.toLowerCase())) continue;
    const argument = name === 'body' || Object.hasOwn(schemas, name) ? `${name}_${place}` : name;
    const content = entries(parameter.content).find(([type]) => isJson(type))?.[1];
    const schema = plainSchema(isObject(content) ? content.schema : (parameter.schema ?? true), root);
    const { description } = parameter;
    schemas[argument] = isObject(schema) && typeof description === 'string' ? { description, ...schema } : schema;
    if (needed) required.push(argument);
    const style = typeof parameter.style === 'string' ? parameter.style : place === 'query' ? 'form' : 'simple';
    const explode = typeof parameter.explode === 'boolean' ? parameter.explode : style === 'form';
    parameters.push({ argument, name, in: place, style, explode, json: isObject(content) });
  }
  return { parameters, schemas, required };
}

function bodyOf(root: JsonObject, requestBody: unknown): Body {
  const { content, required } = resolved(root, requestBody);
  const types = entries(content);
  const [type, media] = types.find(([name]) => isJson(name)) ?? [];
  if (type !== undefined) {
    return { type, schema: isObject(media) ? media.schema : true, required: required === true };
  }
  return required === true && types.length > 0
    ? { required: false, why: `it needs a body of ${types.map(([name]) => name).join(' or ')}` }
    : { required: false };
}

const isJson = (type: string): boolean => /^(application\/json|[^;]+\+json)\s*(;|$)/i.test(type);

/** What a reference leads to, over at most ten others; an empty object for what is none. */
function resolved(root: JsonObject, value: unknown): JsonObject {
  let found = value;
  for (let hops = 0; hops < 10 && isObject(found) && typeof found.$ref === 'string'; hops++) {
    found = resolveReference(root, found.$ref);
  }
  return isObject(found) ? found : {};
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const entries = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);
