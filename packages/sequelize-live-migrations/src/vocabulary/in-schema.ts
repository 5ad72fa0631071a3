/** What is about a table, which may be in another schema than the migration log. */
export interface InSchema {
  readonly schema?: string;
}
