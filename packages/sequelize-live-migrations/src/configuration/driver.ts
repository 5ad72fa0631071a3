import * as pg from 'pg';
import { assertFit, type Needs } from './connection-check';
import { explain } from './connection-errors';
import { clientOptions, type Connection } from './connection-url';

export interface DriverOptions {
  /** What the first connection is checked for. Left out: nothing. */
  readonly needs?: Needs | undefined;
  /** The database to connect to in place of `postgres`, which sequelize-cli's `db:create` and `db:drop` connect to. */
  readonly maintenance?: string | undefined;
}

type Callback = (error: unknown) => void;

/**
 * node-postgres for Sequelize's `dialectModule`. Its connection errors begin with the server's or Node.js's own words, and
 * go on with where that was and what to do about it, in one line. The first connection is checked before Sequelize sends
 * anything on it: a pooler would hand on to others what Sequelize sets.
 *
 * @param source where the connection is configured, for messages; left out for a server that nobody has configured
 */
export function explainingDriver(source?: string, { needs, maintenance }: DriverOptions = {}): typeof pg {
  let check: Promise<void> | undefined;
  const checkOnce = async (client: pg.Client, config: pg.ClientConfig) => {
    if (needs === undefined) return;
    check ??= assertFit({ client, another: new pg.Client(config), place: source ?? 'DATABASE_URL' }, needs);
    await check.catch((error: unknown) => {
      check = undefined;
      throw explain(error, client, source);
    });
  };
  class ExplainingClient extends pg.Client {
    constructor(given: pg.ClientConfig = {}) {
      const config =
        given.database === 'postgres' && maintenance ? { ...given, database: maintenance } : given;
      super(config);
      this.on('error', () => undefined); // the query that it interrupts is rejected as well
      const connect = this.connect.bind(this);
      // On the instance, because Sequelize only uses the form with a callback, and the types have another one as well.
      Reflect.set(this, 'connect', (callback: Callback) => {
        const fail = (error: unknown) => {
          void this.end(); // an open socket would keep the process from ending
          callback(error);
        };
        connect((error: unknown) => {
          // At once: a moment later, Sequelize says that the connection has timed out.
          if (error) fail(explain(error, this, source));
          else checkOnce(this, config).then(() => callback(null), fail);
        });
      });
    }
  }
  return { ...pg, Client: ExplainingClient };
}

/** Opens sessions, one after the other if need be, with a driver that explains its errors and checks the first session. */
export function sessionOpener(
  connection: Connection,
  source?: string,
  options?: DriverOptions,
): () => Promise<pg.Client> {
  const driver = explainingDriver(source, options);
  return () =>
    new Promise((resolve, reject) => {
      const session = new driver.Client(clientOptions(connection));
      session.connect((error: Error | null) => (error ? reject(error) : resolve(session)));
    });
}
