import * as pg from 'pg';

/**
 * node-postgres for Sequelize's `dialectModule`, with connection errors in the words of whoever has to mend
 * them: Node's own say neither where nor what to do, and for a name with several addresses nothing at all.
 */
export function explainingDriver(): typeof pg {
  return { ...pg, Client: ExplainingClient };
}

class ExplainingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const connect = this.connect.bind(this);
    // On the instance, because Sequelize only knows the way with a callback, and the types know another as well.
    Reflect.set(this, 'connect', (callback: (error: unknown) => void) => {
      connect((error: Error) => callback(this.explained(error)));
    });
  }

  /** The same error, with another message. Passes on the null that says there is none. */
  private explained<E>(error: E): E {
    if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
      error.message = this.explanation(String(error.code)) ?? error.message;
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
        return `No PostgreSQL server answers at ${server} (${code}). Start it, or correct DATABASE_URL.`;
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `There is no host ${host} (${code}). Correct DATABASE_URL.`;
      case '28P01':
      case '28000':
        return `PostgreSQL at ${server} refuses the user ${user} or the password. Correct DATABASE_URL, or look at pg_hba.conf.`;
      case '3D000':
        return `There is no database ${database} at ${server}. Create it with "npx sequelize-cli db:create", or correct DATABASE_URL.`;
      case '42501':
        return `The user ${user} may not connect to database ${database} at ${server}: GRANT CONNECT ON DATABASE.`;
      default:
        return undefined;
    }
  }
}
