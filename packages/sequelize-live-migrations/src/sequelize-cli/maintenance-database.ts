import { type Connection, sessionOpener } from '../configuration';
import { MAINTENANCE_DATABASES, SQLSTATE, sqlStateOf } from '../postgres';

/**
 * The maintenance database to connect to.
 *
 * @param source where the connection is configured, for messages
 */
export async function maintenanceDatabase(connection: Connection, source?: string): Promise<string> {
  const [database, otherwise] = MAINTENANCE_DATABASES;
  try {
    const session = await sessionOpener({ ...connection, database }, source)();
    await session.end();
    return database;
  } catch (error) {
    const state = sqlStateOf(error);
    if (state !== SQLSTATE.invalidCatalogName && state !== SQLSTATE.insufficientPrivilege) throw error;
    return otherwise;
  }
}
