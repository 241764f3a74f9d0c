/**
 * Workflows in TypeScript. What `build()` gives is the document that YAML and JSON hold; nothing of the builder runs
 * in the engine, and the document is checked by the server, or by `myelin validate`. Here is checked what a document
 * cannot hold, since the types of TypeScript bind neither JavaScript nor a text that is only read (`readTypeScript`).
 */
import type { Definition, GraphDefinition, NodeDefinition, TriggerDefinition } from '../definition/schema.ts';
import type { NodeConfig, TriggerConfig } from './configs.ts';
import { asText, toPlainObject } from './plain.ts';

/** All of a node besides its id, type and config. */
export type NodeOptions = Omit<NodeDefinition, 'id' | 'type' | 'config'>;

/** `description`, `settings` and `expose` of a definition. */
export type WorkflowOptions = Pick<Definition, 'description' | 'settings' | 'expose'>;

/** A type whose config has no field that must be there can do without one. */
type NodeArguments<T extends string> =
  Record<never, never> extends NodeConfig<T>
    ? [config?: NodeConfig<T>, options?: NodeOptions]
    : [config: NodeConfig<T>, options?: NodeOptions];

/** Nodes and edges; the body of a `loop`, `map` or branch of `parallel`. */
export class GraphBuilder {
  readonly #nodes: NodeDefinition[] = [];
  #edges: string[] | undefined;

  /** Adds a node. Throws `invalid_definition` or `expression_invalid` for what no document can hold. */
  node<const T extends string>(id: string, type: T, ...[config, options]: NodeArguments<T>): this {
    const place = `node ${asText(id, 'the id of a node')}`;
    const node = { id, type: asText(type, `${place}: type`), ...toPlainObject(options ?? {}, place) };
    this.#nodes.push(config === undefined ? node : { ...node, config: toPlainObject(config, `${place}: config`) });
    return this;
  }

  /** From `severe` or, by a port, `severe:true`. */
  edge(from: string, to: string): this {
    return this.edges(`${asText(from, 'an edge')} -> ${asText(to, 'an edge')}`);
  }

  /** Edges as a document writes them: `severe:true -> restart`. */
  edges(...edges: string[]): this {
    this.#edges ??= [];
    for (const edge of edges) this.#edges.push(asText(edge, 'an edge'));
    return this;
  }

  build(): GraphDefinition {
    return { nodes: structuredClone(this.#nodes), ...(this.#edges && { edges: [...this.#edges] }) };
  }

  /** So that a builder may stand inside another one's config, and in `JSON.stringify`. */
  toJSON(): GraphDefinition {
    return this.build();
  }
}

export class WorkflowBuilder extends GraphBuilder {
  readonly #head: Pick<Definition, 'name'> & WorkflowOptions;
  #triggers: TriggerDefinition[] | undefined;

  constructor(name: string, options: WorkflowOptions) {
    super();
    this.#head = { name, ...toPlainObject(options, `workflow ${asText(name, 'the name of a workflow')}`) };
  }

  /** A trigger of any type; `webhook`, `schedule` and `manual` have methods of their own. */
  trigger<const T extends string>(id: string, type: T, config?: TriggerConfig<T>): this {
    const place = `trigger ${asText(id, 'the id of a trigger')}`;
    return this.#add([{ id, type: asText(type, `${place}: type`), ...toPlainObject(config ?? {}, place) }]);
  }

  /** Triggers as a document writes them. */
  triggers(...triggers: TriggerDefinition[]): this {
    return this.#add(triggers.map((one) => toPlainObject(one, 'a trigger')));
  }

  #add(triggers: readonly Record<string, unknown>[]): this {
    this.#triggers ??= [];
    for (const one of triggers) this.#triggers.push(one as TriggerDefinition);
    return this;
  }

  /** Starts for each request to `/webhooks/PATH`. */
  webhook(id: string, config: TriggerConfig<'webhook'>): this {
    return this.trigger(id, 'webhook', config);
  }

  /** Starts at times: `{ cron: '0 8 * * *', timezone: 'Europe/Berlin' }`. */
  schedule(id: string, config: TriggerConfig<'schedule'>): this {
    return this.trigger(id, 'schedule', config);
  }

  /** Starts by `myelin run`, the API and the UI. */
  manual(id: string, config: TriggerConfig<'manual'> = {}): this {
    return this.trigger(id, 'manual', config);
  }

  override build(): Definition {
    const triggers = this.#triggers && { triggers: structuredClone(this.#triggers) };
    return { ...structuredClone(this.#head), ...triggers, ...super.build() };
  }

  override toJSON(): Definition {
    return this.build();
  }
}

/** Begins a workflow; see `build()` for its end. */
export function workflow(name: string, options: WorkflowOptions = {}): WorkflowBuilder {
  return new WorkflowBuilder(name, options);
}

/** Begins the body of a container. */
export function graph(): GraphBuilder {
  return new GraphBuilder();
}
