declare module 'virtual:routes' {
  /** By operation id, as in `src/contract/routes.ts`. */
  const table: Readonly<Record<string, { readonly method: string; readonly path: string; readonly tag: string }>>;
  export default table;
}
