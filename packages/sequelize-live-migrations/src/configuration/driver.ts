import * as pg from 'pg';
import { messageOf } from './errors';

/**
 * node-postgres for Sequelize's `dialectModule`. Its connection errors begin with the server's or Node.js's own words,
 * and go on with where that was and what to do about it, in one line.
 */
export function explainingDriver(): typeof pg {
  return { ...pg, Client: ExplainingClient };
}

class ExplainingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const connect = this.connect.bind(this);
    // On the instance, because Sequelize only uses the form with a callback, and the types have another one as well.
    Reflect.set(this, 'connect', (callback: (error: unknown) => void) => {
      connect((error: Error) => callback(this.withExplanation(error)));
    });
  }

  /** The same error with an explanation in its message. Passes on the null that means success. */
  private withExplanation<E>(error: E): E {
    if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
      const explanation = this.explanation(String(error.code));
      if (explanation !== undefined) {
        error.message = [ownWordsOf(error), explanation].filter((part) => part !== '').join('. ');
      }
    }
    return error;
  }

  private explanation(code: string): string | undefined {
    const { host, port, user = '', database = '' } = this;
    const server = `${host}:${String(port)}`;
    switch (code) {
      case 'ECONNREFUSED':
      case 'ECONNRESET':
      case 'EHOSTUNREACH':
      case 'ENETUNREACH':
      case 'ENOENT':
      case 'ETIMEDOUT':
        return `No PostgreSQL server answers at ${server}. Start it, or correct DATABASE_URL.`;
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `There is no host ${host}. Correct DATABASE_URL.`;
      case '28P01':
      case '28000':
        return `PostgreSQL at ${server} refuses the user ${user} or the password. Correct DATABASE_URL, or pg_hba.conf.`;
      case '3D000':
        return `There is no database ${database} at ${server}. Create it with "npx sequelize-cli db:create", or correct DATABASE_URL.`;
      case '42501':
        return (
          `The user ${user} may not connect to database ${database} at ${server}. Allow it: ` +
          `GRANT CONNECT ON DATABASE ${this.escapeIdentifier(database)} TO ${this.escapeIdentifier(user)}.`
        );
      default:
        return undefined;
    }
  }
}

/** An error's message in one line. Node.js leaves it empty where a host has several addresses, with an error for each. */
function ownWordsOf(error: { readonly message: unknown }): string {
  const errors: unknown = 'errors' in error ? error.errors : [];
  const messages = Array.isArray(errors) && errors.length > 0 ? errors.map(messageOf) : [messageOf(error)];
  return messages.join('; ').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}
