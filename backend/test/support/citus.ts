import fs from 'node:fs';
import path from 'node:path';
import {
  createCitusDatabase,
  describeWithCitus,
  urlsOnWorkers,
} from '../../../packages/sequelize-live-migrations/test/support/citus';
import type { TestDatabase } from './database';
import { FIRST_FIVE, migrate } from './first-five';

export { describeWithCitus, urlsOnWorkers };

/** How the tables are stored, and after how many of the migrations that has been done. */
export type Layout = 'local' | 'reference' | 'schema' | `distributed after ${number}`;

/** Each of them: the tables are distributed before the first migration, between any two, or after the last. */
export const LAYOUTS: readonly Layout[] = [
  'local',
  'reference',
  'schema',
  ...[0, ...FIRST_FIVE.keys()].map((_, n): Layout => `distributed after ${n}`),
];

const DUMPS = path.join(__dirname, '../fixtures/databases');

/** A new database of the cluster with the tables and rows of `fixtures/databases/NAME.sql`, and so many of the migrations. */
export async function createInLayout(
  layout: Layout,
  dump = '1-before-the-migrations',
): Promise<TestDatabase> {
  const database = await createCitusDatabase();
  if (layout === 'schema') await useDistributedSchema(database);
  const sql = fs.readFileSync(path.join(DUMPS, `${dump}.sql`), 'utf8');
  // One statement a message, as psql sends them: Citus forwards the text of a message as a whole.
  for (const statement of sql.split(/;\n/)) if (statement.trim() !== '') await database.query(statement);
  if (layout === 'reference') {
    for (const table of ['user_sessions', 'sections'])
      await database.query(`SELECT create_reference_table('${table}')`);
    await removeLocalRows(database);
  }
  if (!layout.startsWith('distributed')) return database;
  const migrations = Number(layout.replace(/\D/g, ''));
  const to = FIRST_FIVE[migrations - 1];
  if (to !== undefined) await migrate(database, (umzug) => umzug.up({ to }));
  await distribute(database);
  return database;
}

async function useDistributedSchema(database: TestDatabase): Promise<void> {
  await database.query('CREATE SCHEMA tenant');
  await database.query("SELECT citus_schema_distribute('tenant')");
  await database.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET search_path = tenant`);
  await database.disconnect();
}

/** Distributes the sessions and what refers to them, as docs/beyond-one-postgresql.md says. */
async function distribute(database: TestDatabase): Promise<void> {
  const children: string[] = [];
  for (const table of ['sections', 'prd_documents', 'conversation_messages']) {
    const [found] = await database.query(`SELECT to_regclass('${table}') IS NOT NULL AS "isThere"`);
    if (found?.['isThere'] === true) children.push(table);
  }
  const sql = [
    // Of another table that refers to a section by its id alone, which is not unique any more.
    'ALTER TABLE questions DROP CONSTRAINT questions_section_id_fkey',
    ...children.map(
      (table) =>
        `ALTER TABLE ${table} DROP CONSTRAINT ${table}_session_id_fkey, DROP CONSTRAINT ${table}_pkey, ADD PRIMARY KEY (session_id, id)`,
    ),
    "SELECT create_distributed_table('user_sessions', 'session_id')",
    ...children.map(
      (table) =>
        `SELECT create_distributed_table('${table}', 'session_id', colocate_with => 'user_sessions')`,
    ),
    ...children.map(
      (table) =>
        `ALTER TABLE ${table} ADD CONSTRAINT ${table}_session_id_fkey FOREIGN KEY (session_id) REFERENCES user_sessions (session_id) ON DELETE CASCADE`,
    ),
  ];
  for (const statement of sql) await database.query(statement);
  await removeLocalRows(database);
}

/** The rows from before the tables were distributed stay on the coordinator as well, where no query sees them. */
async function removeLocalRows(database: TestDatabase): Promise<void> {
  await database.query("SELECT truncate_local_data_after_distributing_table('user_sessions')"); // and what refers to it
}
