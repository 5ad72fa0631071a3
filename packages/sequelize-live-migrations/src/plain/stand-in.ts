import { type Results, rowsIn } from '../session';

/** A statement as Sequelize gives it to a connection of node-postgres. */
export interface SentStatement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** A statement that was sent, and what the server had against it. */
export interface Sent extends SentStatement {
  failure?: string;
}

/** A connection of node-postgres, as far as it is needed here. */
export interface Client {
  query<Row = object>(statement: string | SentStatement): Promise<Results<Row>>;
  query(...submittable: readonly unknown[]): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Whether the connection keeps the process from ending. */
  ref(): void;
  unref(): void;
}

/** @throws where something is no connection of node-postgres */
export function asClient(value: object): Client {
  if (isClient(value)) return value;
  throw new Error('node-postgres is needed: its connections can be queried and unreferenced.');
}

function isClient(value: object): value is Client {
  return ['query', 'on', 'off', 'ref', 'unref'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}

/** The number of the server process that serves a connection of node-postgres. */
export function processIdOf(client: object): number {
  return Number(Reflect.get(client, 'processID'));
}

/** All rows that a text of statements returns. */
export async function rowsOf<Row extends object = object>(
  client: Client,
  sql: string,
): Promise<readonly Row[]> {
  return rowsIn(await client.query<Row>(sql));
}

/**
 * A connection in place of another one: the same in everything but that statements go through `send`. Sequelize calls
 * `query` with a text, values or none, and a callback; others await what it returns.
 */
export function standIn(client: Client, send: (statement: SentStatement) => Promise<Results>): object {
  const query = (statement: unknown, ...others: readonly unknown[]): unknown => {
    const sent = sentStatement(statement, others.find(Array.isArray));
    if (!sent) return client.query(...[statement, ...others]); // a cursor or a stream: it sends by itself
    const callback = others.find((other) => typeof other === 'function');
    const results = send(sent);
    if (callback === undefined) return results;
    results.then(
      (result) => void Reflect.apply(callback, undefined, [null, result]),
      (error: unknown) => void Reflect.apply(callback, undefined, [error]),
    );
    return undefined;
  };
  return withQuery(client, query);
}

function withQuery(client: object, query: unknown): object {
  const connection = {};
  Object.setPrototypeOf(connection, client);
  Reflect.defineProperty(connection, 'query', { value: query });
  return connection;
}

function sentStatement(
  statement: unknown,
  values: readonly unknown[] | undefined,
): SentStatement | undefined {
  if (typeof statement === 'string') return { text: statement, ...(values ? { values } : {}) };
  if (typeof statement !== 'object' || statement === null || 'submit' in statement) return undefined;
  if (!('text' in statement) || typeof statement.text !== 'string') return undefined;
  return { ...statement, text: statement.text, ...(values ? { values } : {}) };
}
