/** A connection of node-postgres, which Sequelize keeps in its pool. */
export interface Connection {
  /** Sends a message. @returns the result of each of the statements in it; of one, where there is only one */
  query<Row extends object = Record<string, unknown>>(message: string): Promise<Results<Row>>;
}

/** What node-postgres returns for a statement. */
export interface Result<Row = object> {
  readonly rows: readonly Row[];
  /** `SELECT`, `COMMIT` */
  readonly command?: string;
}

/** What it returns for a message, which may have several statements. */
export type Results<Row = object> = Result<Row> | readonly Result<Row>[];

/** Whether something is a connection of node-postgres. */
export function isConnection(value: unknown): value is Connection {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function';
}

/** @throws where something is no connection of node-postgres */
export function asConnection(value: unknown): Connection {
  if (isConnection(value)) return value;
  throw new Error('node-postgres is needed: its connections have a query method.');
}

/** All rows of what a message has returned. */
export function rowsIn<Row>(results: Results<Row>): Row[] {
  return [results].flat().flatMap(({ rows }) => rows);
}
