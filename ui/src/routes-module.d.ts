declare module 'virtual:routes' {
  /** By operation id, as in `src/contract/routes.ts`. */
  interface Row {
    readonly method: string;
    readonly path: string;
    readonly tag: string;
    /** The least that may. */
    readonly role: import('../../src/core/keys/roles.ts').KeyRole;
  }
  const table: Readonly<Record<string, Row>>;
  export default table;
}
