/** A connection of node-postgres, which Sequelize keeps in its pool. */
export interface Connection {
  /** Sends a message. @returns the result of each of the statements in it; of one, where there is only one */
  query<Row extends object = Record<string, unknown>>(
    message: string,
  ): Promise<Result<Row> | readonly Result<Row>[]>;
}

interface Result<Row> {
  readonly rows: readonly Row[];
  /** `SELECT`, `COMMIT` */
  readonly command: string;
}

/** Whether something is a connection of node-postgres. */
export function isConnection(value: unknown): value is Connection {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function';
}

/** @throws where something is no connection of node-postgres */
export function asConnection(value: unknown): Connection {
  if (isConnection(value)) return value;
  throw new Error('node-postgres is needed: its connections have a query method.');
}

/** Sends a message. @returns the results of its statements */
export async function resultsOf<Row extends object>(
  connection: Connection,
  message: string,
): Promise<Result<Row>[]> {
  return [await connection.query<Row>(message)].flat();
}

/** Sends a message. @returns the rows of all its statements */
export async function rowsOf<Row extends object = Record<string, unknown>>(
  connection: Connection,
  message: string,
): Promise<Row[]> {
  return (await resultsOf<Row>(connection, message)).flatMap(({ rows }) => rows);
}
