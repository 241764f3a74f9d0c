/** Names of the protocol that its library does not have. */

/** The extension by which 2026-07-28 has tasks: SEP-2663. */
export const TASKS = 'io.modelcontextprotocol/tasks';
