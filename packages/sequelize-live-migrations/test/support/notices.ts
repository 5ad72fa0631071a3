import { Sequelize } from 'sequelize';
import { missingPrivileges } from '../../src/commands/missing-privileges';
import { createDatabase, createRole, type TestDatabase } from './database';
import { SCHEMA } from './schema';

const TABLES = ['pets', 'toys', 'visits'];

/** What check says of the roles, on three tables with serial keys. `$app` in the SQL stands for a role. */
export async function noticesAfter(sql: string) {
  const [database, app] = [await createDatabase(), await createRole('app')];
  for (const table of TABLES)
    await database.query(`CREATE TABLE ${table} (id serial PRIMARY KEY, name text UNIQUE)`);
  await database.query(sql.replaceAll('$app', app.name));
  const notices = await noticesOf(database);
  await database.query(`DROP OWNED BY ${app.name}`);
  return { app, notices };
}

async function noticesOf({ url }: TestDatabase): Promise<string[]> {
  const sequelize = new Sequelize(url, { logging: false });
  return missingPrivileges(sequelize, SCHEMA, TABLES).finally(() => sequelize.close());
}
