/** Runs SQL in a transaction, and returns its rows. */
export type Query = <Row extends object>(sql: string) => Promise<Row[]>;

/** A statement that a session plans only once, however often it runs it (manual, PREPARE). */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Runs a prepared statement in a transaction, and returns its rows. */
export type QueryPrepared = (statement: PreparedStatement) => Promise<readonly Record<string, unknown>[]>;
