/** Where `$secrets.NAME` comes from. */
export interface Secrets {
  /** Undefined where the project has no such secret. */
  get(projectId: string, name: string): Promise<string | undefined>;
}
