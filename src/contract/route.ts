/** What a route is: everything that the API, the OpenAPI document, the client and the permission check need of it. */
import type { z } from 'zod';
import type { Permission } from '../core/keys/roles.ts';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

export interface Answer {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  /** Content types where it is not JSON, or not only. */
  readonly types?: readonly string[];
}

export interface Route {
  readonly method: Method;
  /** With `:name` for a parameter. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly permission: Permission;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  /**
   * The body is a workflow definition, or a part of one, as JSON or YAML. `body` documents it; the catalog checks it,
   * which knows the node types and names all faults at once.
   */
  readonly document?: true;
  /** Content types of the body where it is not JSON alone: the operation reads it, and `body` documents it. */
  readonly bodyTypes?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of the problems that are its own; 401, 403 and 500 go without saying. */
  readonly problems?: readonly number[];
}

export const TAGS = {
  Workflows: 'Definitions and their versions',
  Executions: 'Runs of workflows',
  'Dead letters': 'What failed for good',
  'Event groups': 'How far behind those are who listen for messages',
  Approvals: 'What people are asked',
  Callbacks: 'Where the outside answers an execution that waits',
  Triggers: 'What starts executions',
  Webhooks: 'Where requests from outside come in',
  Messages: 'What happened, for whoever listens',
  Replays: 'Messages of the log that start a workflow once more',
  Sessions: 'Conversations with agents, and what is made of them',
  'Circuit breakers': 'What of the world around is left alone for a while',
  Prompts: 'Named texts for models, in versions',
  Connections: 'Named ways to reach what is outside, with their secrets encrypted',
  Models: 'Language models that agents may ask',
  Blobs: 'Images, audio and files of conversations',
  Tools: 'Workflows, for the models of others',
  Money: 'What calls of models cost, and how much they may',
  Keys: 'Who may call the API, and what',
  'Sign-in': 'Browsers that act for a project',
  Catalog: 'What a workflow can be made of',
  Monitoring: 'What goes on in a project, as it does and over time',
  Health: 'For those who watch the process',
} as const;
type Tag = keyof typeof TAGS;
