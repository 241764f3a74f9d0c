/** What names in a document may be; also for pages, which check them while they are typed. */

/** Of nodes and triggers. */
export const ID = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Of a workflow. */
export const WORKFLOW_NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;
