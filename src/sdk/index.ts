/** What a user's program imports from `myelin`. */
export { GraphBuilder, graph, WorkflowBuilder, workflow } from './builder.ts';
export { toTypeScript } from './to-typescript.ts';
