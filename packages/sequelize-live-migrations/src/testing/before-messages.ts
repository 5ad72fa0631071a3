import type { Sequelize } from 'sequelize';

/** Sends a message, and gives a promise of its answer, or nothing where a callback takes that. */
type Send = (...args: unknown[]) => unknown;

/**
 * Has something done before each message that an instance of Sequelize sends to the server, whoever sends it. For an instance
 * that has no connections yet.
 *
 * @param before takes the text of the message. Where it throws, the message is not sent, and that is the error.
 */
export function beforeMessages(sequelize: Sequelize, before: (sql: string) => Promise<void>): void {
  sequelize.addHook('afterConnect', (connection: unknown) => {
    if (!canQuery(connection)) return;
    const { query } = connection;
    const send: Send = query.bind(connection);
    Reflect.set(connection, 'query', (...args: unknown[]) => delayed(send, before, args));
  });
}

function canQuery(connection: unknown): connection is { query: Send } {
  return typeof connection === 'object' && connection !== null && 'query' in connection;
}

/** node-postgres gives its answer to a callback, if there is one, or as a promise. */
function delayed(send: Send, before: (sql: string) => Promise<void>, args: unknown[]): unknown {
  const callback = args.at(-1);
  const ready = before(textOf(args[0]));
  if (typeof callback !== 'function') return ready.then(() => send(...args));
  ready.then(
    () => send(...args),
    (error: unknown) => {
      Reflect.apply(callback, undefined, [error]);
    },
  );
  return undefined;
}

function textOf(message: unknown): string {
  return typeof message === 'object' && message !== null && 'text' in message
    ? String(message.text)
    : String(message);
}
