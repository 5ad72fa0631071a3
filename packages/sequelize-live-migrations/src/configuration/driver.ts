import * as pg from 'pg';
import { messageOf } from './errors';

/**
 * node-postgres for Sequelize's `dialectModule`. Its connection errors begin with the server's or Node.js's own words,
 * and go on with where that was and what to do about it, in one line.
 *
 * @param source where the connection is configured, for messages; left out for a server that nobody has configured
 */
export function explainingDriver(source?: string): typeof pg {
  class ExplainingClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const connect = this.connect.bind(this);
      // On the instance, because Sequelize only uses the form with a callback, and the types have another one as well.
      Reflect.set(this, 'connect', (callback: (error: unknown) => void) => {
        connect((error: Error) => callback(explain(error, this, source)));
      });
    }
  }
  return { ...pg, Client: ExplainingClient };
}

/** The same error with an explanation in its message. Passes on the null that means success. */
function explain<E>(error: E, client: pg.Client, source: string | undefined): E {
  if (typeof error !== 'object' || error === null || !('message' in error)) return error;
  const words = ownWordsOf(error);
  const explanation = explanationOf('code' in error ? String(error.code) : words, client, source);
  if (explanation === undefined) return error;
  error.message = [words, explanation].filter((part) => part !== '').join('. ');
  // Made with the message as it was, and what Jest prints.
  if ('stack' in error) error.stack = `Error: ${String(error.message)}${framesOf(error.stack)}`;
  return error;
}

function framesOf(stack: unknown): string {
  const frames = String(stack)
    .split('\n')
    .filter((line) => /^ +at /.test(line));
  return frames.map((line) => `\n${line}`).join('');
}

/** @param code the error's, or its message where it has none */
function explanationOf(code: string, client: pg.Client, source: string | undefined): string | undefined {
  const { host, port, user = '', database = '' } = client;
  const server = `${host}:${String(port)}`;
  const correct = source === undefined ? 'set DATABASE_URL' : `correct ${source}`;
  const correctIt = correct.charAt(0).toUpperCase() + correct.slice(1);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOENT':
    case 'ETIMEDOUT':
      return `No PostgreSQL server answers at ${server}. Start it, or ${correct}.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host ${host}. ${correctIt}.`;
    case '28P01':
    case '28000':
      return `PostgreSQL at ${server} refuses the user ${user} or the password. ${correctIt}, or pg_hba.conf.`;
    case '3D000':
      return `There is no database ${database} at ${server}. Create it with "npx sequelize-cli db:create", or ${correct}.`;
    case '42501':
      return (
        `The user ${user} may not connect to database ${database} at ${server}. Allow it: ` +
        `GRANT CONNECT ON DATABASE ${client.escapeIdentifier(database)} TO ${client.escapeIdentifier(user)}.`
      );
    case 'The server does not support SSL connections':
      return `Use sslmode=disable${source === undefined ? '' : ` in ${source}`}, or turn on TLS at ${server}.`;
    default:
      return undefined;
  }
}

/** An error's message in one line. Node.js leaves it empty where a host has several addresses, with an error for each. */
function ownWordsOf(error: { readonly message: unknown }): string {
  const errors: unknown = 'errors' in error ? error.errors : [];
  const messages = Array.isArray(errors) && errors.length > 0 ? errors.map(messageOf) : [messageOf(error)];
  return messages.join('; ').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}
