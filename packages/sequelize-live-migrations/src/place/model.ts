/** The database and the schema in which the tables are, or will be. */
export interface Place {
  readonly database: string;
  readonly schema: string;
  /** The server's `deadlock_timeout` for this database and role. */
  readonly deadlockTimeoutMs: number;
  /** The migration log in this schema: whether it is there, and has sequelize-cli's columns with timestamps. */
  readonly log: { readonly exists: boolean; readonly hasTimestamps: boolean };
  /** What else has the name of one of the tables or enum types in this schema. */
  readonly namesakes: readonly Namesake[];
  /** The tables that are not in this schema, and that the search path finds in another one: `public.pets`. */
  readonly elsewhere: readonly string[];
  /** Where the database has Citus. */
  readonly citus?: Citus;
}

/** Something that has the name of a table, or of an enum type, and is none. */
export interface Namesake {
  readonly name: string;
  /** `view`, `foreign table`, `sequence`, `domain`, as the manual calls it. */
  readonly kind: string;
}

/** What Citus knows of a schema. */
export interface Citus {
  /** The tables that it has on other nodes, or manages: distributed ones, reference tables, and others. */
  readonly tables: ReadonlySet<string>;
  /** The tables that are distributed by a column, with that. */
  readonly distributedBy: ReadonlyMap<string, string>;
  /** The tables of which the rows from before they were distributed are on the coordinator as well, where nobody sees them. */
  readonly withLocalRows: ReadonlySet<string>;
}
