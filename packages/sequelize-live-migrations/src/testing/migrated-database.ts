import type { Client } from 'pg';
import { ConfigurationError, messageOf, urlOfSibling } from '../configuration';
import { loadProject, migrationNames } from '../sequelize-cli';
import { createDatabase, dropDatabase, newDatabaseName } from './database';
import { migrate } from './migrate';
import { beginIn, serverFor, type TestRunOptions } from './run';
import { inSessionAt, openSession } from './session';

/**
 * Runs `work` on a temporary database, without rows, in which all migrations of a project have run. It is dropped at the
 * end; where this process is killed, by the next one that needs such a database, or by the next test run.
 *
 * @throws ConfigurationError where it cannot be created: none is configured, it is not reached, or the role may create
 *   none; otherwise the error of a migration, or of `work`
 */
export async function withMigratedDatabase<T>(
  options: TestRunOptions,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const { session, name, url } = await create(options).catch((error: unknown) => {
    throw new ConfigurationError(messageOf(error), { cause: error });
  });
  try {
    await migrateAll(url, options.root);
    return await work(url);
  } finally {
    await dropDatabase(session, name);
    await session.end();
  }
}

/** @throws the error of a migration, which does not always have its name, with that in front of it */
async function migrateAll(url: string, root: string): Promise<void> {
  if (migrationNames(loadProject(root)).length === 0) return;
  let current: string | undefined;
  try {
    await migrate(url, (umzug) => umzug.on('migrating', (name: string) => (current = name)).up(), { root });
  } catch (error) {
    if (current === undefined || messageOf(error).includes(current)) throw error;
    throw new Error(`In ${current}, on a temporary database: ${messageOf(error)}`, { cause: error });
  }
}

async function create({ root, url: given }: TestRunOptions) {
  const { url: server, source } = await serverFor(loadProject(root), given);
  const session = await openSession(server, source);
  try {
    const name = newDatabaseName(await beginIn(session));
    await createDatabase(session, name, 'template0');
    const url = urlOfSibling(server, name);
    await inSessionAt(url, createMissingSchema);
    return { session, name, url };
  } catch (error) {
    await session.end();
    throw error;
  }
}

/** Creates the first schema of the search path, where the URL or the role names others than there are by themselves. */
async function createMissingSchema(session: Client): Promise<void> {
  const { rows } = await session.query<{ schema: string }>(
    `SELECT btrim(part, ' "') AS schema FROM regexp_split_to_table(current_setting('search_path'), ',') AS part
     WHERE current_schema() IS NULL AND btrim(part, ' "') <> '$user' LIMIT 1`,
  );
  for (const { schema } of rows) await session.query(`CREATE SCHEMA ${session.escapeIdentifier(schema)}`);
}
