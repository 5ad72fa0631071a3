import path from 'node:path';
import { Sequelize } from 'sequelize';
import Umzug from 'umzug';
import { ROOT } from './build';
import type { TestDatabase } from './database';

const DIST = path.join(ROOT, 'backend/dist');

/**
 * Runs the compiled migrations on a database with the project's own storage, as sequelize-cli does, but in this
 * process: for the tests of what a migration does, where a process for each turn would only take time.
 *
 * @param beforeStatement called before each statement that is sent, transactions' own included
 * @returns what the migrations have said
 */
export async function migrate(
  { url }: TestDatabase,
  work: (umzug: Umzug.Umzug) => Promise<unknown>,
  beforeStatement?: () => Promise<void>,
): Promise<string> {
  const sequelize = new Sequelize(url, { logging: false });
  if (beforeStatement) {
    const query = sequelize.query.bind(sequelize);
    Reflect.set(sequelize, 'query', async (...args: Parameters<typeof query>) => {
      await beforeStatement();
      return query(...args);
    });
  }
  const said = jest.spyOn(console, 'log').mockImplementation();
  const warned = jest.spyOn(console, 'warn').mockImplementation(); // Sequelize, of a connection that was cut
  try {
    // umzug takes the path of a storage, as sequelize-cli gives it; its type declarations do not know that.
    const options: object = {
      storage: path.join(DIST, 'cli/storage.js'),
      storageOptions: { sequelize },
      migrations: {
        path: path.join(DIST, 'migrations'),
        params: [sequelize.getQueryInterface(), Sequelize],
        pattern: /\.js$/,
      },
    };
    await work(new Umzug(options));
    return said.mock.calls.map(([line]) => String(line)).join('\n');
  } finally {
    said.mockRestore();
    warned.mockRestore();
    await sequelize.close();
  }
}
