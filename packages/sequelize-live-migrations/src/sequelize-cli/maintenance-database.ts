import { type Connection, sessionOpener } from '../configuration';
import { SQLSTATE, sqlStateOf } from '../postgres';

/**
 * The database to connect to for creating and dropping others: `postgres`, or, where that has been dropped or may not be
 * connected to, `template1`, which each server has. createdb does the same (manual, createdb).
 *
 * @param source where the connection is configured, for messages
 */
export async function maintenanceDatabase(connection: Connection, source?: string): Promise<string> {
  try {
    const session = await sessionOpener({ ...connection, database: 'postgres' }, source)();
    await session.end();
    return 'postgres';
  } catch (error) {
    const state = sqlStateOf(error);
    if (state !== SQLSTATE.invalidCatalogName && state !== SQLSTATE.insufficientPrivilege) throw error;
    return 'template1';
  }
}
